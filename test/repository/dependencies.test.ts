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
 * npm runs these where the package is installed. It runs `prepare` in a clone and before it packs, and for whoever
 * installs from git instead of the registry, where nothing else could build; never for the package in the registry.
 */
const installScripts = ["preinstall", "install", "postinstall", "preuninstall", "uninstall", "postuninstall"];

test("installing the package runs no script of it", () => {
  expect(Object.keys(manifest.scripts).filter((name) => installScripts.includes(name))).toEqual([]);
  expect(manifest.scripts["prepare"]).toBe("npm run build");
});

test("installing the package brings one dependency, which has none of its own and runs no script", () => {
  expect(Object.keys(manifest.dependencies)).toEqual(["undici"]);
  expect(Object.keys(manifest.peerDependencies)).toEqual(["@pulumi/pulumi"]);
  for (const name of Object.keys(manifest.dependencies)) {
    const entry = lock.packages[`node_modules/${name}`];
    expect(entry).toBeDefined();
    expect(entry).not.toHaveProperty("dependencies");
    expect(entry?.hasInstallScript).toBeUndefined();
  }
});

test("CI asks the registry for advisories, of what is published, and of everything", () => {
  const { jobs } = z
    .object({ jobs: z.looseObject({ audit: z.object({ steps: z.array(z.object({ run: z.string().optional() })) }) }) })
    .parse(parse(readFileSync(join(root, ".github", "workflows", "ci.yml"), "utf8")));
  expect(jobs.audit.steps.flatMap(({ run }) => run ?? [])).toEqual([
    "npm audit --omit=dev --audit-level=low",
    "npm audit --audit-level=low",
  ]);
});
