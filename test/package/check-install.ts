import { readFileSync, realpathSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join, sep } from "node:path";
import { z } from "zod";
import type { Row } from "./matrix";
import type { Project } from "./project";

const manifest = z.object({ version: z.string() });

/**
 * Checks that the installed versions are those of the row, and that nothing of this repository is used.
 *
 * @throws Error that names the difference
 */
export function checkInstall(row: Row, { root, programDir }: Project): void {
  const require = createRequire(join(programDir, "index.js"));
  const versionOf = (name: string) => {
    const path = realpathSync(require.resolve(`${name}/package.json`));
    if (!path.startsWith(realpathSync(root) + sep)) throw new Error(`${name} is outside this project: ${path}`);
    return manifest.parse(JSON.parse(readFileSync(path, "utf8"))).version;
  };
  const { typescript } = row.program;
  const wanted = { "@pulumi/pulumi": row.pulumi, ...(typescript === undefined ? {} : { typescript }) };
  for (const [name, version] of Object.entries(wanted)) {
    const found = versionOf(name);
    if (found !== version) throw new Error(`${name} is ${found} instead of ${version}`);
  }
  versionOf("pulumi-supermemory");
  const isLinked = dirname(realpathSync(require.resolve("pulumi-supermemory/package.json"))) === join(root, "package");
  if (isLinked !== (row.layout === "workspace")) throw new Error(`the package is ${isLinked ? "" : "not "}linked`);
}
