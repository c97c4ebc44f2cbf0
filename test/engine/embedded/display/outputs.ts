import { isArray, isObject, isSecret, unknown, type Properties, type Value } from "../state/values";

/** The lines of the stack outputs. Properties whose names start with __ are hidden. */
export function outputLines(outputs: Properties): readonly string[] {
  const shown = Object.entries(outputs).filter(([key]) => !key.startsWith("__"));
  const width = Math.max(...shown.map(([key]) => key.length));
  return shown.sort().map(([key, value]) => `    ${key.padEnd(width)}: ${show(value)}`);
}

function show(value: Value, indent = "    "): string {
  if (isSecret(value)) return "[secret]";
  if (value === unknown) return "[unknown]";
  const inner = `${indent}    `;
  if (isArray(value))
    return block(
      "[]",
      indent,
      [...value.entries()].map(([at, item]) => `[${at}]: ${show(item, inner)}`),
    );
  if (!isObject(value)) return JSON.stringify(value);
  const shown = Object.entries(value).filter(([key]) => !key.startsWith("__"));
  return block(
    "{}",
    indent,
    shown.map(([key, item]) => `${key}: ${show(item, inner)}`),
  );
}

function block([open = "", close = ""]: string, indent: string, lines: readonly string[]): string {
  if (lines.length === 0) return open + close;
  return [open, ...lines.map((line) => `${indent}    ${line}`), indent + close].join("\n");
}
