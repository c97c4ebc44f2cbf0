import { programs, type Program } from "./programs";
import { versions } from "./versions";

/** One way to use the package. Each does the same job, see job.ts. */
export interface Row {
  readonly installer: Installer;
  /** "workspace": the package is a member of the program's workspace, and linked. @default "folder" */
  readonly layout?: "folder" | "workspace";
  readonly program: Program;
  readonly node: string;
  readonly pulumi: string;
  /** The SDK's error when it cannot run such a program. The row then passes only with this error. */
  readonly refusal?: string;
}

export type Installer = "npm" | "npm --legacy-peer-deps" | "pnpm" | "yarn 1" | "yarn 4" | "bun";

const { node, pulumi } = versions;
const { node20, node22, node24 } = node;
const { oldest, newest } = pulumi;
const usual = { installer: "npm", program: programs.commonJs, node: node22, pulumi: newest } as const;

/** The usual row, then rows with one change each, then combinations at the ends of the ranges. */
export const matrix: readonly Row[] = [
  usual,
  { ...usual, node: node24 },
  { ...usual, node: node20, pulumi: pulumi.node20 },
  { ...usual, pulumi: oldest },
  { ...usual, installer: "pnpm" },
  { ...usual, installer: "yarn 1" },
  { ...usual, installer: "yarn 4" },
  { ...usual, layout: "workspace" },
  { ...usual, installer: "pnpm", layout: "workspace" },
  { ...usual, program: programs.esm },
  { ...usual, program: programs.typescriptOfSdk },
  { ...usual, program: programs.typescript5 },
  { ...usual, program: programs.typescript6 },
  { ...usual, program: programs.typescript6Esm },
  { ...usual, installer: "npm --legacy-peer-deps", program: programs.typescript7Built },
  {
    ...usual,
    installer: "npm --legacy-peer-deps",
    program: programs.typescript7,
    refusal: "Cannot read properties of undefined (reading 'readFile')",
  },
  { ...usual, installer: "bun", program: programs.bun },
  { ...usual, node: node.lowest, pulumi: oldest },
  { ...usual, program: programs.esm, node: node.lowest, pulumi: oldest },
  { ...usual, program: programs.typescript5Classic, node: node.lowest, pulumi: oldest },
  { ...usual, installer: "pnpm", program: programs.typescript6Esm, node: node24 },
  { ...usual, installer: "pnpm", layout: "workspace", program: programs.typescript6, node: node24 },
  { ...usual, installer: "bun", program: programs.bun, node: node24 },
];

/** The name in the table, which `--only` searches. */
export function nameOf(row: Row): string {
  return cellsOf(row).join(", ");
}

/** The columns of the table: how it was installed, the program, Node, @pulumi/pulumi. */
export function cellsOf({ installer, layout, program, node: version, pulumi: sdk }: Row): readonly string[] {
  return [layout === "workspace" ? `${installer}, linked workspace` : installer, program.words, version, sdk];
}
