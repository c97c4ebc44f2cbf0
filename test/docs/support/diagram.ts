/** What is wrong with a state diagram of Mermaid, in the few forms that the pages use; undefined when nothing is. */
export function diagramProblem(text: string): string | undefined {
  const [title = "", ...lines] = text.split("\n").map((line) => line.trim());
  if (title !== "stateDiagram-v2") return `it begins with "${title}"`;
  const declared = new Set(["[*]"]);
  for (const line of lines) {
    const state = /^state "[^"]+" as (\w+)$/.exec(line)?.[1];
    if (state !== undefined) {
      declared.add(state);
      continue;
    }
    const arrow = /^(\[\*\]|\w+) --> (\[\*\]|\w+): [^:;#]+$/.exec(line);
    if (arrow === null) return `"${line}" is neither a state nor an arrow`;
    const strange = arrow.slice(1, 3).find((name) => !declared.has(name));
    if (strange !== undefined) return `"${strange}" is not declared`;
  }
  return undefined;
}
