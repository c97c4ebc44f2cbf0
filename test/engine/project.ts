import {
  cpSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  realpathSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";

export interface TestProjectOptions {
  readonly program: string;
  /** @default "index.js" */
  readonly main?: "index.js" | "index.ts";
  /** Name in Pulumi.yaml. @default "shop" */
  readonly name?: string;
  /** Folder of the program in the project. @default "." */
  readonly folder?: string;
  readonly files?: Readonly<Record<string, string>>;
  /** Pulumi.yaml sets `options: { refresh: always }`. @default false */
  readonly refreshAlways?: boolean;
}

/** A Pulumi project in a temporary folder, with @pulumi/pulumi and pulumi-supermemory linked to this repository. */
export interface TestProject {
  readonly projectDir: string;
  readonly programDir: string;
  readonly stateDir: string;
  setProgram(text: string): void;
  /** Replaces `from`, which occurs once in a file of the program's folder. */
  edit(path: string, from: string, to: string): void;
  close(): void;
}

export function testProject(options: TestProjectOptions): TestProject {
  const main = options.main ?? "index.js";
  const project = openProject(main, options.folder);
  const { programDir, projectDir } = project;
  mkdirSync(programDir, { recursive: true });
  writeFileSync(join(programDir, "package.json"), JSON.stringify({ name: "test-project", private: true, main }));
  project.setProgram(options.program);
  for (const [path, text] of Object.entries(options.files ?? {})) {
    mkdirSync(dirname(join(programDir, path)), { recursive: true });
    writeFileSync(join(programDir, path), text);
  }
  linkPackages(programDir, ["@pulumi/pulumi"]);
  writeFileSync(join(projectDir, "Pulumi.yaml"), pulumiYaml(options));
  return project;
}

/**
 * The project of a user who copied a folder of this repository and installed its dependencies.
 *
 * @param folder with a Pulumi.yaml that names the program's file: "examples/quickstart"
 */
export function copiedProject(folder: string): TestProject {
  const settings = readFileSync(join(repository, folder, "Pulumi.yaml"), "utf8");
  const [, main] = /^main: (.+)$/m.exec(settings) ?? [];
  if (main === undefined) throw new Error(`Pulumi.yaml of ${folder} names no main`);
  const project = openProject(main);
  // Leaves out the settings of stacks that were created there.
  const filter = (path: string) => !/node_modules$|Pulumi\.[^/\\]+\.yaml$/.test(path);
  cpSync(join(repository, folder), project.projectDir, { recursive: true, filter });
  writeFileSync(join(project.projectDir, "package.json"), JSON.stringify({ private: true }));
  linkPackages(project.projectDir, ["@pulumi/pulumi", "supermemory", "tsx"]);
  return project;
}

function openProject(main: string, folder = "."): TestProject {
  const root = mkdtempSync(join(realpathSync(tmpdir()), "engine-"));
  const [projectDir, stateDir] = [join(root, "project"), join(root, "state")];
  const programDir = join(projectDir, folder);
  mkdirSync(stateDir);
  return {
    projectDir,
    programDir,
    stateDir,
    setProgram: (text) => {
      writeFileSync(join(programDir, main), text);
    },
    edit: (path, from, to) => {
      const parts = readFileSync(join(programDir, path), "utf8").split(from);
      if (parts.length !== 2) throw new Error(`${path} holds ${from} ${parts.length - 1} times`);
      writeFileSync(join(programDir, path), parts.join(to));
    },
    close: () => {
      // On Windows a folder can only be deleted after all processes in it have ended.
      rmSync(root, { recursive: true, force: true, maxRetries: 10 });
    },
  };
}

const repository = resolve(__dirname, "..", "..");

function linkPackages(folder: string, packages: readonly string[]): void {
  for (const name of packages) link(join(repository, "node_modules", name), join(folder, "node_modules", name));
  link(repository, join(folder, "node_modules", "pulumi-supermemory"));
}

function link(target: string, path: string): void {
  mkdirSync(dirname(path), { recursive: true });
  symlinkSync(target, path, "junction");
}

/** JavaScript programs do not load TypeScript, which takes half a second. */
function pulumiYaml({ name = "shop", main = "index.js", folder, refreshAlways }: TestProjectOptions): string {
  const lines = [`name: ${name}`, "runtime:", "  name: nodejs", "  options:", `    typescript: ${main === "index.ts"}`];
  if (folder !== undefined) lines.push(`main: ${folder}`);
  if (refreshAlways === true) lines.push("options:", "  refresh: always");
  return [...lines, ""].join("\n");
}
