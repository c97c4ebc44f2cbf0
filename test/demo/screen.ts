import { stripVTControlCharacters } from "node:util";
import { Terminal } from "@xterm/headless";

export interface Cell {
  readonly text: string;
  readonly style: string;
}

const columns = 96;
const lineHeight = 19;
const charWidth = 8.41;
const margin = 18;
const palette = "#3b4048 #e06c75 #7fba7a #d8b36a #6aa5e0 #c08adf #5fb5be #c8ccd4".split(" ");

/**
 * The lines of the demo that fit a picture: what the applications write, the messages and the sums of each command, and
 * the table at the end.
 */
export function excerpt(output: string): string {
  let section = "start";
  const kept = output.split(/\r?\n/).filter((line) => {
    const plain = stripVTControlCharacters(line);
    const isTitle = /^(\$ pulumi|other environments|the application writes|the same program|container {2})/.test(plain);
    if (isTitle) section = plain.startsWith("$") ? "command" : "start";
    else if (section !== "start" && /^\S/.test(plain))
      section = /^(Diagnostics|Resources):/.test(plain) ? "kept" : "command";
    return isTitle || section !== "command";
  });
  return `${kept
    .join("\n")
    .replace(/\n{3,}/g, "\n\n")
    .trim()}\n`;
}

export async function rowsOf(text: string): Promise<readonly (readonly Cell[])[]> {
  const terminal = new Terminal({ cols: columns, rows: 200, convertEol: true, allowProposedApi: true });
  await new Promise<void>((done) => {
    terminal.write(text, done);
  });
  const { active } = terminal.buffer;
  const rows = Array.from({ length: active.cursorY }, (_, y) => cellsOf(active.getLine(y)));
  terminal.dispose();
  return rows;
}

type Line = ReturnType<Terminal["buffer"]["active"]["getLine"]>;

function cellsOf(line: Line): readonly Cell[] {
  const cells: { text: string; style: string }[] = [];
  for (let x = 0; x < (line?.translateToString(true).length ?? 0); x += 1) {
    const cell = line?.getCell(x);
    if (cell === undefined) break;
    const style = [
      cell.isBold() ? "font-weight:bold" : "",
      cell.isDim() ? "opacity:.65" : "",
      cell.isFgPalette() ? `fill:${palette[cell.getFgColor() % 8] ?? ""}` : "",
    ];
    const css = style.filter((one) => one !== "").join(";");
    const last = cells.at(-1);
    const text = cell.getChars() === "" ? " " : cell.getChars();
    if (last?.style === css) last.text += text;
    else cells.push({ text, style: css });
  }
  return cells;
}

/** The rows as a picture: text, so that it stays sharp and can be searched. */
export function svgOf(rows: readonly (readonly Cell[])[]): string {
  const [width, height] = [Math.ceil(columns * charWidth) + 2 * margin, rows.length * lineHeight + 2 * margin];
  const lines = rows.map((cells, y) => {
    const spans = cells.map(({ style, text }) =>
      style === "" ? escaped(text) : `<tspan style="${style}">${escaped(text)}</tspan>`,
    );
    return `<text x="${margin}" y="${margin + 14 + y * lineHeight}">${spans.join("")}</text>`;
  });
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" role="img" aria-label="The output of npm run demo in a terminal">
<rect width="100%" height="100%" rx="8" fill="#1e2127"/>
<g fill="#d7dae0" font-family="ui-monospace,SFMono-Regular,Menlo,Consolas,'DejaVu Sans Mono',monospace" font-size="14" xml:space="preserve">
${lines.join("\n")}
</g>
</svg>
`;
}

export function textOf(svg: string): readonly string[] {
  return [...svg.matchAll(/<text [^>]*>(.*)<\/text>/g)].map(([, row = ""]) =>
    row
      .replace(/<[^>]+>/g, "")
      .replace(/&lt;/g, "<")
      .replace(/&gt;/g, ">")
      .replace(/&amp;/g, "&"),
  );
}

function escaped(text: string): string {
  return text.replace(/&/g, "&amp;").replace(/</g, "&lt;").replace(/>/g, "&gt;");
}
