import { execFileSync } from "node:child_process";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { findCli } from "../engine";

const repository = resolve(__dirname, "../..");
const names = readdirSync(join(repository, "examples"));
const read = (...path: readonly string[]) => readFileSync(join(repository, "examples", ...path), "utf8");

test("the README of the repository links to every example", () => {
  const readme = readFileSync(join(repository, "README.md"), "utf8");
  for (const name of names) expect(readme).toContain(`[${name}](examples/${name})`);
  expect(names).toHaveLength(5);
});

test("the examples are in JavaScript and in TypeScript", () => {
  expect(new Set(names.map((name) => mainOf(name)))).toEqual(new Set(["index.js", "index.ts"]));
});

describe.each(names)("The example %s", (name) => {
  test("has a short program, and a short README with the commands to run and copy it", () => {
    const readme = read(name, "README.md");
    expect(read(name, mainOf(name)).split("\n").length).toBeLessThanOrEqual(41);
    expect(readme.split("\n").length).toBeLessThanOrEqual(41);
    expect(readme).toContain(`cd examples/${name}\n`);
    expect(readme).toContain("npm install pulumi-supermemory");
    // Pulumi's own compiler rejects the settings in tsconfig.json, and Pulumi does not support the newest compiler.
    expect(readme.includes("typescript@6")).toBe(mainOf(name) === "index.ts");
  });

  test("uses the package of this repository, so that npm ci in its root is enough", () => {
    // With its own package.json, the example would not find the package in the root by its name.
    expect(existsSync(join(repository, "examples", name, "package.json"))).toBe(false);
  });

  const testCli = findCli() === undefined ? test.skip : test;

  testCli("uses existing commands and flags of the Pulumi CLI", () => {
    const workflows = filesBelow(name).filter((path) => path.endsWith(".yml"));
    const commands = ["README.md", ...workflows].flatMap((path) => commandsIn(read(name, path)));
    expect(commands).not.toEqual([]);
    for (const command of new Set(commands)) {
      const [flags, words] = [command.match(/--\S+/g) ?? [], command.replace(/ --.*/, "").split(" ")];
      const help = execFileSync("pulumi", [...words, "--help"], { encoding: "utf8", timeout: 60_000 });
      // For an unknown command the CLI shows the help of its parent.
      const [known = ""] = /^Usage:\n.*\n(\nAliases:\n.*\n)?/m.exec(help) ?? [];
      expect(known.split(/[\s,]+/)).toContain(words.at(-1));
      for (const flag of flags) expect(help).toContain(flag);
    }
  });
});

function mainOf(name: string): string {
  return /^main: (\S+)$/m.exec(read(name, "Pulumi.yaml"))?.[1] ?? "";
}

function filesBelow(name: string): readonly string[] {
  return readdirSync(join(repository, "examples", name), { recursive: true, encoding: "utf8" });
}

/** "stack select --create" for `pulumi stack select --create nightly`. */
function commandsIn(text: string): readonly string[] {
  const found = text.matchAll(/\bpulumi ((?:stack|config) [a-z]+|[a-z]+)([^`&\n#|;]*)/g);
  return [...found].map(([, words = "", rest = ""]) => [words, ...(rest.match(/--[a-z][a-z-]*/g) ?? [])].join(" "));
}
