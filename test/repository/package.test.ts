import { execFileSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { builtinModules } from "node:module";
import { homedir } from "node:os";
import { join, posix } from "node:path";
import { z } from "zod";
import { sourcesIn } from "./bundle";

const root = join(__dirname, "..", "..");
const names = z.record(z.string(), z.string());
const { bin, dependencies, exports, main, name, peerDependencies, types } = z
  .object({
    name: z.string(),
    bin: z.string(),
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
  test("holds what is built, the schemas, the documentation, and the examples; nothing else", () => {
    const dist = [
      "provider/index",
      "provider/dynamic/index",
      "provider/cleanup-policy/index",
      "emulator/index",
    ].flatMap((entry) => [`dist/${entry}.js`, `dist/${entry}.d.ts`]);
    const top = ["AGENTS.md", "CHANGELOG.md", "CONTRIBUTING.md", "LICENSE", "README.md", "SECURITY.md"];
    const others = [
      "THIRD-PARTY-NOTICES",
      "bench/README.md",
      "dist/emulator/cli.js",
      "emulator/README.md",
      "package.json",
    ];
    const tracked = execFileSync("git", ["ls-files", "docs", "examples", "schemas"], { cwd: root, encoding: "utf8" });
    const folders = tracked.trim().split("\n");
    const untracked = paths.filter((path) => /^(docs|examples|schemas)\//.test(path) && !folders.includes(path));
    expect(untracked).toEqual([]);
    expect([...paths].sort()).toEqual([...dist, ...top, ...others, ...folders].sort());
  });

  test("has a file for each relative link of its pages, because npm shows no other address", () => {
    const missing = paths
      .filter((path) => path.endsWith(".md"))
      .flatMap((page) => linksOf(page).map((link) => ({ page, link })))
      .filter(({ link }) => !paths.some((path) => path === link || path.startsWith(`${link}/`)));
    expect(missing).toEqual([]);
  });

  test("has one command, so that npx runs it by the name of the package", () => {
    const code = read(bin);
    expect(code).toMatch(/^#!\/usr\/bin\/env node\n/);
    // It finds the emulator of the package, and contains none of its own.
    expect(code).toContain('require("./index")');
    expect(Buffer.byteLength(code)).toBeLessThan(10_000);
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
    const missing = [main, types, bin, ...targets].filter((target) => !paths.includes(target.replace("./", "")));
    expect(missing).toEqual([]);
  });

  test("imports only itself, Node and its dependencies", () => {
    const own = [name, ...Object.keys(dependencies), ...Object.keys(peerDependencies)];
    const foreign = built.flatMap((path) => packagesIn(read(path)).map((name) => `${path}: ${name}`));
    expect(foreign.filter((line) => !own.some((known) => line.endsWith(`: ${known}`)))).toEqual([]);
  });

  test("is small, without large files, and with no executable but its command", () => {
    expect(packed.unpackedSize).toBeLessThan(1_600_000);
    expect(packed.files.filter(({ path, size }) => size > (path.endsWith(".js") ? 600_000 : 80_000))).toEqual([]);
    // Only the command may be executable; on Windows nothing is.
    const executable = packed.files.filter(({ mode }) => (mode & 0o111) !== 0);
    expect(executable.filter(({ path }) => `./${path}` !== bin)).toEqual([]);
  });

  test("contains no path of the build machine, and no key but the emulator's", () => {
    for (const path of paths) {
      const text = read(path);
      for (const folder of [root, homedir()]) expect([path, text.includes(`${folder}/`)]).toEqual([path, false]);
      const keys = text.match(
        /\b(sm_(?!emulator_key|project_|xxx\b)\w+|(gh[pous]|npm)_\w{20,}|AKIA\w{16})|BEGIN [A-Z ]*PRIVATE KEY/g,
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

/** The relative targets of a page's links and pictures, from the root of the package. */
function linksOf(page: string): readonly string[] {
  const text = read(page).replace(/^```[^]*?^```/gm, "");
  return [...text.matchAll(/\]\(([^)\s]+)\)/g)]
    .map(([, target = ""]) => target.replace(/#.*$/, ""))
    .filter((target) => target !== "" && !/^[a-z]+:/.test(target))
    .map((target) => posix.join(posix.dirname(page), target).replace(/\/$/, ""));
}

function packagesIn(code: string): readonly string[] {
  const specifiers = [...code.matchAll(/(?:\brequire\(|\bimport\(|\bfrom )["']([^"'.][^"']*)["']/g)].map(
    ([, name = ""]) => name,
  );
  return specifiers
    .filter((name) => !builtinModules.includes(name.replace(/^node:/, "")))
    .map((name) => name.split("/", name.startsWith("@") ? 2 : 1).join("/"));
}
