import { execFileSync } from "node:child_process";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { builtinModules } from "node:module";
import { homedir } from "node:os";
import { join } from "node:path";
import { z } from "zod";
import { sourcesIn } from "./bundle";

const root = join(__dirname, "..", "..");
const names = z.record(z.string(), z.string());
const { dependencies, exports, main, name, peerDependencies, types } = z
  .object({
    name: z.string(),
    main: z.string(),
    types: z.string(),
    exports: z.record(z.string(), z.union([z.string(), names])),
    dependencies: names,
    peerDependencies: names,
  })
  .parse(JSON.parse(read("package.json")));

/** The files that `npm pack` would pack, from the last build. */
const [packed] = z
  .tuple([
    z.object({
      unpackedSize: z.number(),
      files: z.array(z.object({ path: z.string(), size: z.number(), mode: z.number() })),
    }),
  ])
  .parse(JSON.parse(npm("pack", "--dry-run", "--json", "--ignore-scripts")));
const paths = packed.files.map(({ path }) => path);
const built = paths.filter((path) => path.startsWith("dist/"));

describe("the package", () => {
  test("holds what is built, the schemas, and what its users read; nothing else", () => {
    const dist = [
      "provider/index",
      "provider/dynamic/index",
      "provider/cleanup-policy/index",
      "emulator/index",
    ].flatMap((entry) => [`dist/${entry}.js`, `dist/${entry}.d.ts`]);
    const read = ["CHANGELOG.md", "LICENSE", "README.md", "THIRD-PARTY-NOTICES", "emulator/README.md", "package.json"];
    const schemas = readdirSync(join(root, "schemas")).map((name) => `schemas/${name}`);
    expect([...paths].sort()).toEqual([...dist, ...read, ...schemas].sort());
  });

  test("contains existing sources, and no library but zod, which is listed with its licence", () => {
    const code = built.filter((path) => path.endsWith(".js"));
    const sources = code.flatMap((path) => sourcesIn(read(path)));
    const [own, foreign] = [false, true].map((wanted) =>
      sources.filter((path) => path.startsWith("node_modules/") === wanted),
    );
    expect(own?.filter((path) => !existsSync(join(root, path)))).toEqual([]);
    expect(own).toEqual(expect.arrayContaining(["provider/purge/gate.ts", "emulator/emulator.ts"]));
    expect([...new Set(foreign?.map((path) => path.split("/")[1]))]).toEqual(["zod"]);
    const { version } = z.object({ version: z.string() }).parse(JSON.parse(read("node_modules/zod/package.json")));
    const holders = code.filter((path) => sourcesIn(read(path)).some((source) => source.startsWith("node_modules/")));
    expect(read("THIRD-PARTY-NOTICES")).toBe(
      `${holders.sort().join(", ")} contain zod ${version}:\n\n${read("node_modules/zod/LICENSE")}`,
    );
  });

  test("contains only one locale of zod, because each provider start reads it", () => {
    const sources = sourcesIn(read("dist/provider/dynamic/index.js"));
    expect(sources.filter((path) => path.includes("/locales/"))).toEqual(["node_modules/zod/v4/locales/en.js"]);
  });

  test("contains every file that its package.json names", () => {
    const targets = Object.values(exports).flatMap((target) =>
      typeof target === "string" ? target : Object.values(target),
    );
    const missing = [main, types, ...targets].filter((target) => !paths.includes(target.replace("./", "")));
    expect(missing).toEqual([]);
  });

  test("imports only itself, Node and its dependencies", () => {
    const own = [name, ...Object.keys(dependencies), ...Object.keys(peerDependencies)];
    const foreign = built.flatMap((path) => packagesIn(read(path)).map((name) => `${path}: ${name}`));
    expect(foreign.filter((line) => !own.some((known) => line.endsWith(`: ${known}`)))).toEqual([]);
  });

  test("is small, without large or executable files", () => {
    expect(packed.unpackedSize).toBeLessThan(1_200_000);
    expect(packed.files.filter(({ path, size }) => size > (path.endsWith(".js") ? 500_000 : 40_000))).toEqual([]);
    expect(packed.files.filter(({ mode }) => (mode & 0o111) !== 0)).toEqual([]);
  });

  test("contains no path of the build machine, and no key but the emulator's", () => {
    for (const path of paths) {
      const text = read(path);
      for (const folder of [root, homedir()]) expect([path, text.includes(`${folder}/`)]).toEqual([path, false]);
      const keys = text.match(
        /\b(sm_(?!emulator_key|project_)\w+|(gh[pous]|npm)_\w{20,}|AKIA\w{16})|BEGIN [A-Z ]*PRIVATE KEY/g,
      );
      expect([path, keys]).toEqual([path, null]);
    }
  });
});

/** On Windows npm is a shell script. */
function npm(...args: readonly string[]): string {
  return execFileSync("npm", args, {
    cwd: root,
    encoding: "utf8",
    stdio: ["ignore", "pipe", "ignore"],
    shell: process.platform === "win32",
    timeout: 120_000,
  });
}

function read(path: string): string {
  return readFileSync(join(root, path), "utf8");
}

function packagesIn(code: string): readonly string[] {
  const specifiers = [...code.matchAll(/(?:\brequire\(|\bimport\(|\bfrom )["']([^"'.][^"']*)["']/g)].map(
    ([, name = ""]) => name,
  );
  return specifiers
    .filter((name) => !builtinModules.includes(name.replace(/^node:/, "")))
    .map((name) => name.split("/", name.startsWith("@") ? 2 : 1).join("/"));
}
