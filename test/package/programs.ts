import { versions } from "./versions";

export interface Program {
  readonly words: string;
  readonly runtime: "nodejs" | "bun";
  readonly language: "JavaScript" | "TypeScript";
  readonly modules: "commonjs" | "module";
  /** The TypeScript version that the project installs and is checked with. Without it the SDK or Bun brings one. */
  readonly typescript?: string;
  readonly moduleResolution?: "node16" | "node";
  readonly built?: true;
  readonly dependencies?: Readonly<Record<string, string>>;
}

const { ts5, ts6, ts7 } = versions.typescript;
const typescript = { runtime: "nodejs", language: "TypeScript", modules: "commonjs" } as const;

export const programs = {
  commonJs: { words: "CommonJS", runtime: "nodejs", language: "JavaScript", modules: "commonjs" },
  esm: { words: "ES modules", runtime: "nodejs", language: "JavaScript", modules: "module" },
  typescriptOfSdk: { ...typescript, words: "TypeScript 3.8.3, the SDK's own" },
  typescript5: { ...typescript, words: `TypeScript ${ts5}`, typescript: ts5 },
  typescript5Classic: {
    ...{ ...typescript, words: `TypeScript ${ts5}, moduleResolution node` },
    ...{ typescript: ts5, moduleResolution: "node" },
  },
  typescript6: { ...typescript, words: `TypeScript ${ts6}`, typescript: ts6 },
  typescript6Esm: {
    ...{ ...typescript, words: `TypeScript ${ts6}, ES modules by ts-node ${versions.tsNode}` },
    ...{ typescript: ts6, modules: "module", dependencies: { "ts-node": versions.tsNode } },
  },
  typescript7: { ...typescript, words: `TypeScript ${ts7}, run by the SDK`, typescript: ts7 },
  typescript7Built: { ...typescript, words: `TypeScript ${ts7}, built by its tsc`, typescript: ts7, built: true },
  bun: { words: `Bun ${versions.tools.bun}`, runtime: "bun", language: "TypeScript", modules: "module" },
} as const satisfies Readonly<Record<string, Program>>;
