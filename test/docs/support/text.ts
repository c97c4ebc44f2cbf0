/**
 * Text of a terminal without what differs from run to run: durations, ports, folders, ids, and the width of columns. The
 * column Info is left out: where the CLI ends with "1 message", the embedded engine has the message itself.
 */
export function normalised(text: string): readonly string[] {
  return text.split("\n").map((line) =>
    line
      .trim()
      .replace(/\b\d+\.\d s\b/g, "N s")
      .replace(/\(\d+(\.\d+)?s\)/g, "(N)")
      .replace(/127\.0\.0\.1:\d+/g, "127.0.0.1:4000")
      .replace(/^[A-Za-z0-9]{22}: /, "<id>: ")
      .replace(/is not installed in \S+ or/, "is not installed in <folder> or")
      .replace(/ {2,}/g, "  ")
      .replace(/^(\S  .*(?:Stack|ContainerPurge|CleanupPolicy)  \S+  (?:create|update|delete)) .*$/, "$1"),
  );
}

/**
 * The first paragraph of a page's text that was not in what was really shown, or undefined. A paragraph is lines
 * without a blank one between them; its lines have to follow each other there, too.
 */
export function notIn(shown: string, text: string): string | undefined {
  const real = normalised(shown);
  return paragraphs(normalised(text))
    .find((lines) => !real.some((_, at) => lines.every((line, index) => real[at + index] === line)))
    ?.join("\n");
}

function paragraphs(lines: readonly string[]): readonly (readonly string[])[] {
  const all: string[][] = [[]];
  for (const line of lines) {
    if (line === "") all.push([]);
    else all.at(-1)?.push(line);
    // Other resources may come right after the title.
    if (line === "Diagnostics:" || line === "Outputs:") all.push([]);
  }
  return all.filter((one) => one.length > 0);
}
