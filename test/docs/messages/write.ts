/**
 * `npx tsx test/docs/messages/write.ts` renews the tables of docs/messages.md from the source. It keeps what people wrote
 * for a message, and prints the rows of messages that are gone, whose text a changed message may take over.
 */
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { readPage, repository } from "../support/blocks";
import { messagesOfPackage } from "./extract";
import { cellOf, pageWith, rowsOf } from "./page";

const page = readPage("docs/messages.md");
const rows = rowsOf(page);
const messages = messagesOfPackage();
writeFileSync(join(repository, "docs/messages.md"), pageWith(messages, rows, page));
const cells = new Set(messages.map(cellOf));
for (const { message, todo, when } of rows.values()) {
  if (!cells.has(message)) console.log(`gone: | ${message} | ${when} | ${todo} |`);
}
for (const cell of cells) if (!rows.has(cell)) console.log(`fill in: ${cell}`);
