/** What can move a cursor, reverse the reading direction, or command a program that reads the log. */
// GitHub Actions, Azure Pipelines and TeamCity run ##[...] and ##name[...] anywhere in a line. Pulumi colors by <{%.
export const harmful = /[\p{C}\p{Zl}\p{Zp}]|##(?=\w*\[)|<\{%/gu;

/** Text from outside, such as from the API, as one line that is safe to print; at most `max` characters. */
export function printable(text: string, max: number): string {
  return (
    text
      .slice(0, 10 * max)
      .replace(/\s+/g, " ")
      .replace(harmful, "\ufffd")
      // GitHub Actions runs a line that begins like this.
      .replace(/^ ?::/, ": :")
      .slice(0, max)
  );
}
