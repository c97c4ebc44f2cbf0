import { existsSync } from "node:fs";
import { join } from "node:path";
import { repository } from "./blocks";

/**
 * What a map of folders names that does not exist. A line begins with a folder, or with a file, or continues the line
 * above; an indented one is inside of the last that is not.
 */
export function missingFiles(map: string): readonly string[] {
  const named: string[] = [];
  let [root, folder] = ["", ""];
  for (const line of map.split("\n")) {
    const [, indent = "", first = "", rest = ""] = /^( *)(\S+)(.*)$/.exec(line) ?? [];
    const isEntry = indent.length <= 2;
    if (isEntry && indent === "") root = first;
    if (isEntry) folder = indent === "" ? root : join(root, first);
    if (isEntry) named.push(folder);
    const files = `${isEntry ? "" : first}${rest}`.match(/(?<![\w/.-])[\w-]+\.ts\b/g) ?? [];
    named.push(...files.map((file) => join(folder, file)));
  }
  return named.filter((path) => !existsSync(join(repository, path)));
}
