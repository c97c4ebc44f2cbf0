import { mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";

export interface TestProjectOptions {
  /** Text of the program. */
  readonly program: string;
  /** @default "index.js" */
  readonly main?: "index.js" | "index.ts";
  /** Name in Pulumi.yaml. @default "shop" */
  readonly name?: string;
  /** Folder of the program in the project. @default "." */
  readonly folder?: string;
  /** More files, by their path in the program's folder. */
  readonly files?: Readonly<Record<string, string>>;
}

/** A Pulumi project in a temporary folder, with @pulumi/pulumi and pulumi-supermemory linked to this repository. */
export interface TestProject {
  readonly projectDir: string;
  /** Where the program is. */
  readonly programDir: string;
  /** An empty folder for the state of the project's stacks. */
  readonly stateDir: string;
  setProgram(text: string): void;
  close(): void;
}

export function testProject(options: TestProjectOptions): TestProject {
  const root = mkdtempSync(join(realpathSync(tmpdir()), "engine-"));
  const [projectDir, stateDir] = [join(root, "project"), join(root, "state")];
  const programDir = join(projectDir, options.folder ?? ".");
  const main = options.main ?? "index.js";
  const write = (path: string, text: string) => {
    mkdirSync(dirname(join(programDir, path)), { recursive: true });
    writeFileSync(join(programDir, path), text);
  };
  mkdirSync(stateDir);
  write("package.json", JSON.stringify({ name: "test-project", private: true, main }));
  write(main, options.program);
  for (const [path, text] of Object.entries(options.files ?? {})) write(path, text);
  link(join(repository, "node_modules", "@pulumi", "pulumi"), join(programDir, "node_modules", "@pulumi", "pulumi"));
  link(repository, join(programDir, "node_modules", "pulumi-supermemory"));
  writeFileSync(join(projectDir, "Pulumi.yaml"), pulumiYaml(options));
  return {
    projectDir,
    programDir,
    stateDir,
    setProgram: (text) => {
      write(main, text);
    },
    close: () => {
      rmSync(root, { recursive: true, force: true });
    },
  };
}

const repository = resolve(__dirname, "..", "..");

function link(target: string, path: string): void {
  mkdirSync(dirname(path), { recursive: true });
  symlinkSync(target, path, "junction");
}

/** JavaScript programs do without the TypeScript loader, which takes half a second to start. */
function pulumiYaml({ name = "shop", main = "index.js", folder }: TestProjectOptions): string {
  const lines = [`name: ${name}`, "runtime:", "  name: nodejs", "  options:", `    typescript: ${main === "index.ts"}`];
  return [...lines, ...(folder === undefined ? [] : [`main: ${folder}`]), ""].join("\n");
}
