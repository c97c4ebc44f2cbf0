/**
 * What is wrong with arguments of which one is not known, such as one that is spelled wrong: JavaScript lets it
 * pass, and nothing would become of it. Undefined when all are known.
 */
export function unknownArgument(args: object, known: Readonly<Record<string, true>>): string | undefined {
  const unknown = Object.keys(args).find((name) => !Object.hasOwn(known, name));
  return unknown === undefined
    ? undefined
    : `unknown argument "${unknown}": allowed are ${Object.keys(known).join(", ")}`;
}
