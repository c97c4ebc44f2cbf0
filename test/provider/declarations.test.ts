import { readFileSync } from "node:fs";
import { builtinModules } from "node:module";
import { join } from "node:path";

/** Those of zod, for one, are no valid declarations to a program without esModuleInterop. */
test.each([
  ["provider", ["@pulumi/pulumi"]],
  ["provider/dynamic", ["@pulumi/pulumi"]],
  ["provider/cleanup-policy", []],
  ["emulator", []],
])("the declarations of %s are one file, and lead to no library but the SDK", (entry, expected) => {
  const text = readFileSync(join(__dirname, "../../dist", entry, "index.d.ts"), "utf8");
  // Without comments, whose examples import the package itself.
  const declared = text.replace(/\/\*[^]*?\*\//g, "");
  expect(declared).toMatch(/^export \{.+\};$/m);
  const names = [...declared.matchAll(/(?:from|import\()\s*["']([^"']+)["']/g)].map(([, name = ""]) => name);
  expect(names.filter((name) => !builtinModules.includes(name.replace(/^node:/, "")))).toEqual(expected);
});
