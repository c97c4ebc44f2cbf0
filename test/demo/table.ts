/** Bold and green on a terminal or with FORCE_COLOR; plain elsewhere and with NO_COLOR. */
export interface Paint {
  readonly colored: boolean;
  bold(text: string): string;
  green(text: string): string;
}

export function createPaint(output: { readonly isTTY?: boolean }): Paint {
  const { FORCE_COLOR: forced, NO_COLOR: never } = process.env;
  const colored = never === undefined && (output.isTTY === true || forced !== undefined);
  const paint = (code: number) => (text: string) => (colored ? `\u001b[${code}m${text}\u001b[0m` : text);
  return { colored, bold: paint(1), green: paint(32) };
}

/** Columns as wide as their widest cell; the first and the last are words, those between are numbers. */
export function table(head: readonly string[], rows: readonly (readonly string[])[], paint: Paint): string {
  const widths = head.map((title, column) => Math.max(title.length, ...rows.map((row) => row[column]?.length ?? 0)));
  const line = (cells: readonly string[]): string =>
    cells
      .map((cell, column) => {
        const width = widths[column] ?? 0;
        return column === 0 || column === cells.length - 1 ? cell.padEnd(width) : cell.padStart(width);
      })
      .join("   ")
      .trimEnd();
  return [paint.bold(line(head)), ...rows.map((row) => line(row).replace("untouched", paint.green("untouched")))].join(
    "\n",
  );
}
