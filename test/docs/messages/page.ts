import type { Message } from "./extract";

/** A row of docs/messages.md: a message, when it appears, and what to do. */
export interface Row {
  readonly message: string;
  readonly when: string;
  readonly todo: string;
}

const titles: Readonly<Record<string, string>> = {
  "container-purge": "ContainerPurge",
  "cleanup-policy": "CleanupPolicy",
  "ephemeral-container": "EphemeralContainer",
  "explicit-provider": "Provider",
  purge: "Guardrails and results",
  host: "Shared by the resources",
  client: "The API and the network",
  config: "Configuration",
  util: "Arguments",
};
const begin = "<!-- messages: npx tsx test/docs/messages/write.ts -->";
const head = "| message | when | what to do |\n|---|---|---|";

/** Of messages that only stand in others, which come last. */
const part = /^(part of|a hint in|why )/;

/** The page with a table of each folder's messages after its introduction, and the texts that people wrote for them. */
export function pageWith(messages: readonly Message[], rows: ReadonlyMap<string, Row>, page: string): string {
  const sections = [...new Set([...Object.keys(titles), ...messages.map(({ section }) => section)])];
  const tables = sections.flatMap((section) => {
    const own = messages.filter((message) => message.section === section).map(cellOf);
    if (own.length === 0) return [];
    const isPart = (message: string): number => Number(part.test(rows.get(message)?.when ?? ""));
    own.sort((one, other) => isPart(one) - isPart(other));
    const lines = own.map((one) => `| ${one} | ${rows.get(one)?.when ?? ""} | ${rows.get(one)?.todo ?? ""} |`);
    return [`## ${titles[section] ?? section}\n\n${head}\n${lines.join("\n")}`];
  });
  return `${page.slice(0, page.indexOf(begin))}${begin}\n\n${tables.join("\n\n")}\n`;
}

/** The rows of the page by their message. @throws Error for a page without a place for them */
export function rowsOf(page: string): ReadonlyMap<string, Row> {
  const [, tables] = page.split(begin);
  if (tables === undefined) throw new Error(`the page has no line ${begin}`);
  const lines = tables.split("\n").filter((line) => line.startsWith("| `"));
  return new Map(
    lines.map((line) => {
      const [message = "", when = "", todo = ""] = line.slice(2, -2).split(/ \| | \|$/);
      return [message, { message, when: when.trim(), todo: todo.trim() }];
    }),
  );
}

/** A message as a cell: each line as code, with "|" as a table can hold it. */
export function cellOf({ lines }: Message): string {
  return lines.map((line) => `\`${line.trim().replaceAll("|", "\\|")}\``).join("<br>");
}
