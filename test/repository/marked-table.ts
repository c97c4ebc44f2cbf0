export interface MarkedPage {
  readonly before: string;
  readonly table: string;
  readonly after: string;
}

/** @throws Error for a page without exactly one place for the table */
export function splitAtTable(page: string, begin: string, end: string): MarkedPage {
  const [before, rest, ...more] = page.split(begin);
  const [table, after] = rest?.split(end) ?? [];
  if (before === undefined || table === undefined || after === undefined || more.length > 0) {
    throw new Error(`the page has no place for the table: ${begin} ... ${end}`);
  }
  return { before, table, after };
}

export function rowsOf(table: string): readonly (readonly string[])[] {
  const lines = table.split("\n").filter((line) => line.startsWith("|"));
  return lines.slice(2).map((line) => line.slice(2, -2).split(" | "));
}
