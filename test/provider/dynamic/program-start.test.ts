import { readFileSync } from "node:fs";
import { join } from "node:path";
import { sourcesIn } from "../../repository/bundle";

const root = join(__dirname, "../../..");

test("a program that imports the package loads no library, nothing of the host and the client, and not the schemas of planCleanup", () => {
  const code = readFileSync(join(root, "dist/provider/index.js"), "utf8");
  const sources = sourcesIn(code);
  expect(sources).toContain("provider/container-purge/resource.ts");
  expect(
    sources.filter((path) => /^(node_modules|provider\/(host|client|purge))\/|cleanup-policy\/(?!resource)/.test(path)),
  ).toEqual([]);
  const libraries = new Set([...code.matchAll(/ = .*\brequire\("([^"]+)"\)/g)].map(([, name]) => name));
  expect([...libraries]).toEqual(["@pulumi/pulumi", "node:crypto"]);
});
