/** The forms of a Mermaid diagram that the pages use: how it begins, what declares a name, and what uses names. */
const kinds = [
  {
    title: "stateDiagram-v2",
    declares: /^state "[^"]+" as (\w+)$/,
    uses: /^(\[\*\]|\w+) --> (\[\*\]|\w+): [^:;#]+$/,
    known: ["[*]"],
  },
  {
    title: "sequenceDiagram",
    declares: /^participant (\w+) as [^:;#]+$/,
    uses: /^(?:Note over )?(\w+)(?:->>|,)(\w+): [^:;#]+$/,
    known: [],
  },
];

/** What is wrong with a Mermaid diagram; undefined when nothing is. */
export function diagramProblem(text: string): string | undefined {
  const [title = "", ...lines] = text.split("\n").map((line) => line.trim());
  const kind = kinds.find((one) => one.title === title);
  if (kind === undefined) return `it begins with "${title}"`;
  const declared = new Set(kind.known);
  for (const line of lines) {
    const name = kind.declares.exec(line)?.[1];
    if (name !== undefined) {
      declared.add(name);
      continue;
    }
    const used = kind.uses.exec(line)?.slice(1);
    if (used === undefined) return `"${line}" is neither a declaration nor an arrow`;
    const unknown = used.find((one) => !declared.has(one));
    if (unknown !== undefined) return `"${unknown}" is not declared`;
  }
  return undefined;
}
