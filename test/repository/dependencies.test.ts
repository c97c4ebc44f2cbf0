import { readFileSync } from "node:fs";
import { join } from "node:path";
import { parse } from "yaml";
import { z } from "zod";

const root = join(__dirname, "..", "..");
const names = z.record(z.string(), z.string());
const manifest = z
  .object({ scripts: names, dependencies: names, peerDependencies: names })
  .parse(JSON.parse(readFileSync(join(root, "package.json"), "utf8")));
const lock = z
  .object({ packages: z.record(z.string(), z.looseObject({ hasInstallScript: z.boolean().optional() })) })
  .parse(JSON.parse(readFileSync(join(root, "package-lock.json"), "utf8")));

/**
 * npm runs these when the package is installed. It runs `prepare` for a package in a folder or in a workspace, where the
 * tools that build it are not installed, so the package is built by `prepack` instead.
 */
const installScripts = [
  "preinstall",
  "install",
  "postinstall",
  "preuninstall",
  "uninstall",
  "postuninstall",
  "prepare",
];

test("installing the package runs none of its scripts", () => {
  expect(Object.keys(manifest.scripts).filter((name) => installScripts.includes(name))).toEqual([]);
  expect(manifest.scripts["prepack"]).toBe("npm run build");
});

test("installing the package adds one dependency, which has no dependencies and runs no script", () => {
  expect(Object.keys(manifest.dependencies)).toEqual(["undici"]);
  expect(Object.keys(manifest.peerDependencies)).toEqual(["@pulumi/pulumi"]);
  for (const name of Object.keys(manifest.dependencies)) {
    const entry = lock.packages[`node_modules/${name}`];
    expect(entry).toBeDefined();
    expect(entry).not.toHaveProperty("dependencies");
    expect(entry?.hasInstallScript).toBeUndefined();
  }
});

test("CI checks the published dependencies and all others for advisories", () => {
  const { jobs } = z
    .object({ jobs: z.looseObject({ audit: z.object({ steps: z.array(z.object({ run: z.string().optional() })) }) }) })
    .parse(parse(readFileSync(join(root, ".github", "workflows", "ci.yml"), "utf8")));
  expect(jobs.audit.steps.flatMap(({ run }) => run ?? [])).toEqual([
    "npm audit --omit=dev --audit-level=low",
    "npm audit --audit-level=low",
  ]);
});
