import { readFileSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";

const root = join(__dirname, "..", "..");

export const currentVersion = z
  .object({ version: z.string() })
  .parse(JSON.parse(readFileSync(join(root, "package.json"), "utf8"))).version;

/** The versions of a changelog. One with a date is released, and its fixture must not change. */
export function versionsIn(changelog: string): readonly { readonly version: string; readonly isReleased: boolean }[] {
  return [...changelog.matchAll(/^## (\S+) - (?:(\d{4}-\d{2}-\d{2})|unreleased)$/gm)].map(([, version = "", date]) => ({
    version,
    isReleased: date !== undefined,
  }));
}

export const versions = versionsIn(readFileSync(join(root, "CHANGELOG.md"), "utf8"));
