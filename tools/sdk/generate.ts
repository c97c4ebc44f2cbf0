import { execFileSync } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import * as z from "zod";
import { install, type InstallOptions, type Recipe } from "../pulumi/build";
import { builtRelease, modulesIn, type Release } from "../pulumi/cache";
import { messageOf, Problem } from "../pulumi/problem";
import { inLanguage, type Language } from "./naming";

const root = join(__dirname, "..", "..");
const source = join(__dirname, "main.go");

/** The generator, built from the same modules as the Pulumi CLI. */
const generator: Recipe = {
  name: "the SDK generator of pulumi",
  prefix: "sdk-generator-",
  executable: "generate",
  source,
  ingredients: (module) => [...modulesIn(module), readFileSync(source)],
};

/** The release of the generator that is built. */
export function builtGenerator(): Release | undefined {
  return builtRelease(undefined, generator);
}

/**
 * Writes the SDK of each language into a folder of its own below `out`, from schema.json with the version of package.json.
 * Builds the generator if necessary.
 *
 * @throws Problem
 */
export async function generateSdks(
  { languages, out }: { readonly languages: readonly Language[]; readonly out: string },
  options: InstallOptions,
): Promise<void> {
  const folders = languages.map((language) => ({ language, folder: join(out, language) }));
  const taken = folders.find(({ folder }) => existsSync(folder));
  if (taken !== undefined) throw new Problem(`${taken.folder} exists\ndelete it, or use another --out`);
  const executable = join(await install(options, generator), generator.executable);
  const schema = { ...read("schema.json"), version: version.parse(read("package.json")).version };
  const scratch = mkdtempSync(join(tmpdir(), "sdks-"));
  try {
    for (const { folder, language } of folders) {
      const file = join(scratch, `${language}.json`);
      writeFileSync(file, JSON.stringify(inLanguage(schema, language)));
      run(executable, [file, language, folder], language);
      options.say(`${folder} contains the SDK for ${language}`);
    }
  } finally {
    rmSync(scratch, { recursive: true, force: true });
  }
}

/** The generator prints every error and warning of the schema, and then fails. */
export function run(executable: string, args: readonly string[], language: string): void {
  try {
    execFileSync(executable, args, { encoding: "utf8", timeout: 120_000, stdio: ["ignore", "ignore", "pipe"] });
  } catch (error) {
    const { data: { stderr } = {} } = z.object({ stderr: z.string().min(1) }).safeParse(error);
    throw new Problem(
      `cannot generate the SDK for ${language}: ${stderr?.trim() ?? messageOf(error)}\nfix tools/schema, then run npm run schema`,
    );
  }
}

const version = z.object({ version: z.string() });

function read(file: string): Readonly<Record<string, unknown>> {
  return z.record(z.string(), z.unknown()).parse(JSON.parse(readFileSync(join(root, file), "utf8")));
}
