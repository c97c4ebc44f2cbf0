import { readFileSync } from "node:fs";
import { builtinModules } from "node:module";
import { dirname, join, resolve } from "node:path";

test("the declarations that a program reads lead to no library but the SDK", () => {
  const start = join(__dirname, "../../dist/provider/index.d.ts");
  const seen = new Set([start]);
  const libraries = new Set<string>();
  for (const file of seen) {
    for (const [, name = ""] of declarations(file).matchAll(/(?:from|import\()\s*"([^"]+)"/g)) {
      if (name.startsWith(".")) seen.add(`${resolve(dirname(file), name)}.d.ts`);
      else if (!builtinModules.includes(name.replace(/^node:/, ""))) libraries.add(name);
    }
  }
  expect(seen.size).toBeGreaterThan(5);
  // Those of zod, for one, are no valid declarations to a program without esModuleInterop.
  expect([...libraries]).toEqual(["@pulumi/pulumi"]);
});

/** Without comments, whose examples import the package itself. */
function declarations(file: string): string {
  return readFileSync(file, "utf8").replace(/\/\*[^]*?\*\//g, "");
}
