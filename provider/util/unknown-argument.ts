/** The problem with an unknown argument, such as a misspelled one, which JavaScript ignores. Undefined if all are known. */
export function unknownArgument(args: object, known: Readonly<Record<string, true>>): string | undefined {
  const unknown = Object.keys(args).find((name) => !Object.hasOwn(known, name));
  return unknown === undefined
    ? undefined
    : `unknown argument "${unknown}"; the arguments are ${Object.keys(known).join(", ")}`;
}
