import { execFile, spawnSync } from "node:child_process";
import {
  copyFileSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { z } from "zod";
import { packageSchema } from "../../tools/schema/package";
import { builtGenerator, generateSdks, run } from "../../tools/sdk/generate";
import { inLanguage, type Language, languages } from "../../tools/sdk/naming";

/** Go compiles the SDK of Pulumi the first time. */
const longMs = 600_000;
const programs = join(__dirname, "programs");

/** Used by the configuration in the generated code, and by nothing in the generator. */
const configModule = "github.com/spf13/cast v1.4.1";
const configSums = `${configModule} h1:s0hze+J0196ZfEMTs80N7UlFt0BDuQ7Q+JDnHiMWKdA=
${configModule}/go.mod h1:Qx5cxh0v+4UWYiBimWS+eyWzqEqokIECu5etghLkUJE=
`;

const root = join(__dirname, "..", "..");
const isWindows = process.platform === "win32";
/** Where the scenarios need a real CLI, the SDKs need their generator. It is not built on Windows. */
const isGate = process.env["REQUIRE_PULUMI_CLI"] === "true" && !isWindows;
const skipped = isGate || builtGenerator() !== undefined ? undefined : reason();
if (skipped !== undefined) console.log(`SDKs: skipped (${skipped})`);

let out = "";
(skipped === undefined ? describe : describe.skip)("the SDKs", () => {
  beforeAll(async () => {
    out = mkdtempSync(join(realpathSync(tmpdir()), "sdks-"));
    await generateSdks(
      { languages, out },
      { env: process.env, signal: AbortSignal.timeout(longMs), say: () => undefined },
    );
  }, longMs);
  afterAll(() => {
    rmSync(out, { recursive: true, force: true });
  });

  test.each(languages)("for %s contain every property with its name and description", (language) => {
    const text = textOf(language);
    const missing = propertiesIn(language).flatMap(({ description, name }) => [
      ...(declares[language](name).test(text) ? [] : [name]),
      ...(text.includes(description) ? [] : [`${name}: ${description}`]),
    ]);
    expect(missing).toEqual([]);
  });

  test.each([
    ["python", "container_tags: pulumi.Input[Sequence[pulumi.Input[_builtins.str]]]", 'set `purge_on=["delete"]`'],
    ["go", "ContainerTags pulumi.StringArrayInput", 'set `PurgeOn: ["delete"]`'],
    ["nodejs", "containerTags: pulumi.Input<pulumi.Input<string>[]>", 'set `purgeOn: ["delete"]`'],
  ] as const)("for %s name the tags as the language does, also in docstrings", (language, declaration, text) => {
    expect(textOf(language)).toContain(declaration);
    expect(textOf(language)).toContain(text);
  });

  test.each(languages)("for %s take over the state of the dynamic provider", (language) => {
    for (const name of ["ContainerPurge", "CleanupPolicy"]) {
      expect(textOf(language)).toContain(`"pulumi-nodejs:dynamic/supermemory:${name}"`);
    }
  });

  test("have the version of the package", () => {
    const { version } = readJson(join(root, "package.json"));
    expect(readJson(join(out, "nodejs", "package.json"))).toMatchObject({ version, pulumi: { version } });
    expect(readFileSync(join(out, "python", "pyproject.toml"), "utf8")).toContain(`version = "${String(version)}"`);
    expect(readJson(join(out, "go", "supermemory", "pulumi-plugin.json"))).toMatchObject({ version });
  });

  test("a folder that exists is kept", async () => {
    const again = generateSdks(
      { languages: ["go"], out },
      { env: process.env, signal: AbortSignal.timeout(longMs), say: () => undefined },
    );
    await expect(again).rejects.toThrow(`${join(out, "go")} exists`);
  });

  (has("python3") ? test : test.skip)("for Python compile", async () => {
    const folder = join(out, "python");
    const files = filesIn(folder, ".py").map((file) => join(folder, file));
    await runs("python3", ["-m", "py_compile", ...files], folder);
  });

  // The installed Pulumi SDK is older than the one that the generated code asks for, and lacks one function. The program
  // imports generated code, so it is no file of this project's own types.
  test("for TypeScript type-check with a program that uses every kind of argument", async () => {
    const folder = join(out, "nodejs");
    symlinkSync(join(root, "node_modules"), join(out, "node_modules"), "junction");
    copyFileSync(join(programs, "program.txt"), join(folder, "program.ts"));
    const options = {
      extends: "./tsconfig.json",
      compilerOptions: { noEmit: true },
      files: ["index.ts", "program.ts"],
    };
    writeFileSync(join(folder, "tsconfig.program.json"), JSON.stringify(options));
    const tsc = join(root, "node_modules", "typescript", "bin", "tsc");
    const problems = await linesOf(process.execPath, [tsc, "-p", "tsconfig.program.json", "--pretty", "false"], folder);
    expect(problems.filter((line) => !line.includes("Property 'existsResource' does not exist"))).toEqual([]);
  });

  // Without "go mod tidy", with the versions of the generator's own modules, which are compiled already.
  (has("go") ? test : test.skip)(
    "for Go compile with a program that uses every kind of argument",
    async () => {
      const folder = join(out, "go");
      const modules = builtGenerator()?.module ?? "";
      const own = readFileSync(join(modules, "go.mod"), "utf8").replace(
        /^module .*/,
        "module pulumi-supermemory/sdk/go",
      );
      writeFileSync(join(folder, "go.mod"), `${own}\nrequire ${configModule}\n`);
      writeFileSync(join(folder, "go.sum"), readFileSync(join(modules, "go.sum"), "utf8") + configSums);
      mkdirSync(join(folder, "program"));
      copyFileSync(join(programs, "main.go"), join(folder, "program", "main.go"));
      await runs("go", ["build", "-mod=readonly", "./..."], folder);
    },
    longMs,
  );

  test.each([
    [
      "an error",
      { resources: { "supermemory:index:A": { inputProperties: { a: { $ref: "#/types/x:index:No" } } } } },
      /No/,
    ],
    ["a warning", { resources: { "supermemory:index:A": { properties: { id: { type: "string" } } } } }, /reserved/],
    ["an unknown key", { resource: {} }, /unknown field "resource"/],
  ])("are not generated from a schema with %s", (_what, schema, message) => {
    const file = join(out, "broken.json");
    writeFileSync(file, JSON.stringify({ name: "supermemory", version: "1.0.0", ...schema }));
    const executable = join(builtGenerator()?.folder ?? "", "generate");
    expect(() => {
      run(executable, [file, "go", join(out, "broken")], "go");
    }).toThrow(message);
    expect(readdirSync(out)).not.toContain("broken");
  });
});

const declares: Readonly<Record<Language, (name: string) => RegExp>> = {
  python: (name) => new RegExp(`\\bdef ${snake(name)}\\(self\\)`),
  go: (name) => new RegExp(`^\\t${name.slice(0, 1).toUpperCase()}${name.slice(1)} +\\S+ +.pulumi:"${name}"`, "m"),
  nodejs: (name) => new RegExp(`\\b${name}\\??: `),
};

function snake(name: string): string {
  const words = name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
  return words === "except" ? "except_" : words;
}

function reason(): string {
  return isWindows ? "the generator is not built on Windows" : "npm run sdks builds their generator, and needs Go";
}

const properties = z.record(z.string(), z.object({ description: z.string() })).default({});
const described = z.object({
  resources: z.record(z.string(), z.object({ inputProperties: properties, properties })),
  types: z.record(z.string(), z.object({ properties })),
});

/** With the first paragraph of each description, as the language writes it. */
function propertiesIn(language: Language) {
  const { resources, types } = described.parse(inLanguage(packageSchema(), language));
  const groups = [
    ...Object.values(resources).flatMap((resource) => [resource.inputProperties, resource.properties]),
    ...Object.values(types).map((type) => type.properties),
  ];
  return groups
    .flatMap((group) => Object.entries(group))
    .map(([name, { description }]) => ({ name, description: description.split("\n")[0] ?? "" }));
}

function textOf(language: Language): string {
  const folder = join(out, language);
  const endings = { python: ".py", go: ".go", nodejs: ".ts" };
  return filesIn(folder, endings[language])
    .map((file) => readFileSync(join(folder, file), "utf8"))
    .join("\n");
}

function filesIn(folder: string, ending: string): readonly string[] {
  return readdirSync(folder, { recursive: true, encoding: "utf8" }).filter((file) => file.endsWith(ending));
}

function readJson(file: string): Readonly<Record<string, unknown>> {
  return z.record(z.string(), z.unknown()).parse(JSON.parse(readFileSync(file, "utf8")));
}

/** In the gate, what is missing fails. */
function has(command: string): boolean {
  return isGate || spawnSync(command, ["version"]).error === undefined;
}

async function runs(command: string, args: readonly string[], cwd: string): Promise<void> {
  expect(await linesOf(command, args, cwd)).toEqual([]);
}

/** What a compiler prints. */
async function linesOf(command: string, args: readonly string[], cwd: string): Promise<readonly string[]> {
  const env = { ...process.env, GOTOOLCHAIN: "local", GOWORK: "off", CGO_ENABLED: "0" };
  const { code, text } = await new Promise<{ code: number; text: string }>((resolve) => {
    execFile(command, args, { cwd, env, timeout: longMs }, (error, stdout, stderr) => {
      resolve({ code: error === null ? 0 : 1, text: stdout + stderr });
    });
  });
  const lines = text.split("\n").filter((line) => line !== "");
  return code === 0 || lines.length > 0 ? lines : [`${command} failed`];
}
