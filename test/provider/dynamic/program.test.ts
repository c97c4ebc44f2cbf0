import { readFileSync } from "node:fs";
import { join } from "node:path";
import { providerText } from "../../../provider/dynamic/provider-text";
import { sourcesIn } from "../../repository/bundle";

test("the text that each resource carries is what state out there holds, byte for byte", () => {
  expect(providerText("containerPurge")).toBe(
    'exports.handler=()=>{let n="pulumi-supermemory",d=process.cwd(),c=console,p=c.error,' +
      'r=require("module").createRequire(d+"/");' +
      'try{return r(r.resolve(n+"/provider",{paths:[d,require.main?.path??d]})).containerPurge}' +
      "catch(e){c.error=()=>c.error=p;if(/module 'pulumi-supermemory/.test(e))" +
      "e.message=`${n} is not installed in ${d} or a folder above it; nothing was deleted\\nrun npm ci, or npm i ${n}\\n" +
      "if you removed it on purpose, run: pulumi state delete '<urn>' (this purges nothing)`;throw e}}",
  );
});

test("a program that imports the package loads no library, nothing of the host and the client, and not the schemas of planCleanup", () => {
  const code = readFileSync(join(__dirname, "../../..", "dist/provider/index.js"), "utf8");
  const sources = sourcesIn(code);
  expect(sources).toContain("provider/container-purge/resource.ts");
  expect(
    sources.filter((path) =>
      /^(node_modules|provider\/(host\/(?!claims-file)|client\/|purge\/))|cleanup-policy\/(?!resource)/.test(path),
    ),
  ).toEqual([]);
  const libraries = new Set([...code.matchAll(/ = .*\brequire\("([^"]+)"\)/g)].map(([, name]) => name));
  expect([...libraries]).toEqual(["@pulumi/pulumi", "node:crypto", "node:fs", "node:os", "node:path", "node:util"]);
});
