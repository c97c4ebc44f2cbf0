import { hasUnknown, isArray, isObject, isSecret, sameValue, unknown, type Value } from "../state/values";
import { type Paint } from "./paint";
import { type PhaseLog } from "./phase-log";

/** The Outputs section: the stack outputs, with a sign where they changed. Empty for a preview without changes. */
export function renderOutputs(outputs: PhaseLog["outputs"], dryRun: boolean, paints: Paint): string {
  if (outputs === undefined) return "";
  const { before, after } = outputs;
  const keys = [...new Set([...Object.keys(before), ...Object.keys(after)])].sort();
  const isNew = Object.keys(before).length === 0;
  const lines = keys
    .filter((key) => !key.startsWith("__"))
    .map((key) => {
      const [old, now] = [before[key], after[key]];
      const name = key.padEnd(Math.max(...keys.map((one) => one.length)));
      if (now === undefined)
        return { changed: true, text: `  ${paints.op("-", "delete")} ${name}: ${show(old ?? null)}` };
      if (old === undefined) {
        const sign = isNew ? "  " : `${paints.op("+", "create")} `;
        return { changed: true, text: `  ${sign}${name}: ${show(now)}` };
      }
      const same = sameValue(old, now) && !hasUnknown(now);
      if (same) return { changed: false, text: `    ${name}: ${show(now)}` };
      return { changed: true, text: `  ${paints.op("~", "update")} ${name}: ${show(old)} => ${show(now)}` };
    });
  if (lines.length === 0 || (dryRun && !lines.some(({ changed }) => changed))) return "";
  return [paints.bold("Outputs:"), ...lines.map(({ text }) => text), ""].join("\n");
}

function show(value: Value, indent = "    "): string {
  if (isSecret(value)) return "[secret]";
  if (value === unknown) return "[unknown]";
  if (isArray(value)) {
    const items = value.map((item, index) => `${indent}    [${index}]: ${show(item, `${indent}    `)}`);
    return items.length === 0 ? "[]" : `[\n${items.join("\n")}\n${indent}]`;
  }
  if (!isObject(value)) return JSON.stringify(value);
  const shown = Object.entries(value).filter(([key]) => !key.startsWith("__"));
  const entries = shown.map(([key, item]) => `${indent}    ${key}: ${show(item, `${indent}    `)}`);
  return entries.length === 0 ? "{}" : `{\n${entries.join("\n")}\n${indent}}`;
}
