import { readFileSync } from "node:fs";
import { dirname, join } from "node:path";

/** The version of this package, from its package.json. */
export const version = readVersion(__dirname);

/** The nearest package.json above: two folders up in the sources, three in what is published. */
function readVersion(folder: string): string {
  try {
    const parsed: unknown = JSON.parse(readFileSync(join(folder, "package.json"), "utf8"));
    if (typeof parsed === "object" && parsed !== null && "version" in parsed && typeof parsed.version === "string") {
      return parsed.version;
    }
  } catch {
    // not in this folder
  }
  return dirname(folder) === folder ? "unknown" : readVersion(dirname(folder));
}
