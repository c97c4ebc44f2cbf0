/**
 * `npx tsx test/docs/messages/write.ts`: renews the tables of docs/messages.md from the source. What people wrote for a
 * message is kept. For a message whose text changed, the row of the most similar one is taken over and printed, so that
 * somebody reads it again. Fill in the cells that stay empty.
 */
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { repository } from "../support/blocks";
import { messagesOfPackage } from "./extract";
import { cellOf, pageWith, type Row, rowsOf } from "./page";

const file = join(repository, "docs/messages.md");

function main(): void {
  const page = readFileSync(file, "utf8");
  const rows = rowsOf(page);
  const messages = messagesOfPackage();
  const cells = messages.map(cellOf);
  const old = [...rows.values()].filter(({ message }) => !cells.includes(message));
  const next = new Map(rows);
  for (const { from, to } of closestPairs(
    cells.filter((cell) => !rows.has(cell)),
    old,
  )) {
    console.log(`check: ${from.message}\n    -> ${to}`);
    next.set(to, { ...from, message: to });
  }
  writeFileSync(file, pageWith(messages, next, page));
  for (const cell of new Set(cells)) {
    const row = next.get(cell);
    if (row === undefined || row.when === "" || row.todo === "") console.log(`fill in: ${cell}`);
  }
}

/** Each new message with the most similar old one, the most similar pair first. */
function closestPairs(cells: readonly string[], old: readonly Row[]): readonly { from: Row; to: string }[] {
  const pairs = cells
    .flatMap((to) => old.map((from) => ({ from, to, likeness: likeness(from.message, to) })))
    .filter((pair) => pair.likeness >= 0.5)
    .sort((one, other) => other.likeness - one.likeness);
  const used = new Set<string>();
  return pairs.filter(({ from, to }) => {
    if (used.has(`from ${from.message}`) || used.has(`to ${to}`)) return false;
    used.add(`from ${from.message}`).add(`to ${to}`);
    return true;
  });
}

/** How many words two texts share, from 0 to 1. */
function likeness(one: string, other: string): number {
  const [a, b] = [one, other].map((text) => new Set(text.toLowerCase().match(/[a-z]+/g)));
  if (a === undefined || b === undefined) return 0;
  return (2 * [...a].filter((word) => b.has(word)).length) / (a.size + b.size);
}

main();
