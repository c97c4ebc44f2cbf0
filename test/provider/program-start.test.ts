import { execFileSync } from "node:child_process";
import { resolve } from "node:path";

test("a program that imports the package loads nothing of the host, the client and their libraries", () => {
  const code = `require(${JSON.stringify(repository)}); console.log(JSON.stringify(Object.keys(require.cache)))`;
  const printed = execFileSync(process.execPath, ["-e", code], { encoding: "utf8", timeout: 60_000 });
  const loaded: unknown = JSON.parse(printed);
  if (!Array.isArray(loaded)) throw new Error("expected a list of files");
  const paths = loaded.map(String);
  expect(paths).toContain(resolve(repository, "dist/provider/index.js"));
  expect(paths.filter((path) => /[\\/](zod|undici|dist[\\/]provider[\\/](host|client))[\\/]/.test(path))).toEqual([]);
});

const repository = resolve(__dirname, "../..");
