import { existsSync, readFileSync, statSync } from "node:fs";
import type { Receipt } from "./receipt";
import { appendText } from "../util/append";
import { count, documents, duration, names } from "../util/format";

/**
 * Appends a receipt as a row to the Markdown table at the end of a file, or starts a table there. All purges of a step
 * share one table, unless something else is written in between.
 *
 * @throws when it cannot be written
 */
export function writeSummary(receipt: Receipt, path: string): void {
  const row = `${summaryRow(receipt)}\n`;
  const before = textOf(path);
  const isTable = before?.slice(before.lastIndexOf("\n\n") + 2).startsWith(head) === true && before.endsWith("\n");
  const gap = before === "" ? "" : before?.endsWith("\n") === true ? "\n" : "\n\n";
  appendText(path, isTable ? row : `${gap}### Supermemory purges\n\n${head}${row}`);
}

const columns = ["Stack", "Resource", "Event", "Containers", "Planned", "Deleted", "Left", "Result"];
const head = `${line(columns)}\n${line(["---", "---", "---", "---", "---:", "---:", "---:", "---"])}\n`;

/** GitHub limits the summary of a step to this size: https://docs.github.com/actions/reference/workflow-commands-for-github-actions */
const maxBytes = 1024 * 1024;
const maxKept = 5;

/** The text of the file; undefined if it cannot be read, such as that of a terminal. */
function textOf(path: string): string | undefined {
  if (!existsSync(path)) return "";
  const file = statSync(path);
  return file.isFile() && file.size <= maxBytes ? readFileSync(path, "utf8") : undefined;
}

function summaryRow(receipt: Receipt): string {
  const [stack = "", project = "", , ...name] = (receipt.urn ?? "").replace(/^urn:pulumi:/, "").split("::");
  return line([
    plain(project === "" ? "-" : `${project}/${stack}`),
    plain(name.length === 0 ? "-" : name.join("::")),
    plain(receipt.events.join(", ")),
    names(receipt.containerTags.map(code)),
    receipt.planned === null ? "?" : count(receipt.planned),
    deletedCell(receipt),
    leftCell(receipt),
    resultCell(receipt),
  ]);
}

function deletedCell({ deletedCount, deletedMemories, estimated }: Receipt): string {
  const gone = `${estimated ? "about " : ""}${count(deletedCount)}`;
  if (deletedMemories === 0) return gone;
  return `${gone}, and ${deletedMemories === null ? "an unknown number of" : count(deletedMemories)} memories`;
}

/** A purge that deleted nothing leaves all planned documents. */
function leftCell({ planned, remainingByTag }: Receipt): string {
  const left = Object.values(remainingByTag);
  const all = left.length === 0 ? [planned] : left;
  return all.includes(null) ? "?" : count(all.reduce<number>((sum, some) => sum + (some ?? 0), 0));
}

function resultCell({ durationMs, error, kept, result }: Receipt): string {
  const how = result === "complete" ? `complete in ${duration(durationMs)}` : `**${result}**`;
  const why = error === null ? "" : `: ${plain(error)}`;
  const stays = kept.map(
    ({ containerTag, documents: some, reason }) =>
      `kept ${some === null ? "" : `${documents(some)} in `}${code(containerTag)}: ${plain(reason)}`,
  );
  const more = stays.length > maxKept ? [`and ${stays.length - maxKept} more`] : [];
  return [`${how}${why}`, ...stays.slice(0, maxKept), ...more].join("<br>");
}

function line(cells: readonly string[]): string {
  return `| ${cells.join(" | ")} |`;
}

function code(tag: string): string {
  return /^[a-zA-Z0-9_:-]+$/.test(tag) ? `\`${tag}\`` : plain(tag);
}

/** Text in which nothing is Markdown or HTML. */
function plain(text: string): string {
  return text
    .replaceAll("&", "&amp;")
    .replaceAll("<", "&lt;")
    .replace(/[\\`*_[\]~|#!]/g, "\\$&")
    .replace(/\r\n|[\r\n]/g, "<br>");
}
