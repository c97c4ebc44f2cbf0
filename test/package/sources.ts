import type { Program } from "./programs";

/** The files of a program by path: the same few lines in each language. */
export function sourcesOf(program: Program): Readonly<Record<string, string>> {
  if (program.language === "JavaScript") {
    return { "index.js": program.modules === "module" ? modules("") : commonJs, "exports.mjs": exportsCheck };
  }
  const types = program.moduleResolution === "node" ? {} : { "subpaths.ts": subpaths };
  return {
    "index.ts": modules(": string"),
    "exports.mjs": exportsCheck,
    ...(program.typescript === undefined ? {} : { ...types, "tsconfig.json": tsconfig(program) }),
  };
}

const commonJs = `const { ContainerPurge } = require("pulumi-supermemory");

const memory = new ContainerPurge("memory", { containerTags: ["pr-42"] });

exports.deletedCount = memory.deletedCount;
exports.runtime = process.versions.bun ?? process.versions.node;
`;

const modules = (type: "" | ": string") => `import { ContainerPurge } from "pulumi-supermemory";

const memory = new ContainerPurge("memory", { containerTags: ["pr-42"] });

export const deletedCount = memory.deletedCount;
export const runtime${type} = process.versions["bun"] ?? process.versions.node;
`;

/** For the type check only: the other exports. */
const subpaths = `import type { Output } from "@pulumi/pulumi";
import type { ContainerPurge } from "pulumi-supermemory";
import { createEmulator, type Emulator } from "pulumi-supermemory/emulator";
import { containerPurge } from "pulumi-supermemory/provider";

export type Count = ContainerPurge["deletedCount"] extends Output<number> ? true : false;
export const count: Count = true;
export const open: () => Promise<Emulator> = () => createEmulator({ seed: { containers: { "pr-42": 1 } } });
export const create = containerPurge.create;
// @ts-expect-error: a wrong output is a type error
export type Wrong = ContainerPurge["no such output"];
`;

/** Checks that \`import\` and \`require\` return the same exports, and that the emulator works. */
const exportsCheck = `import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { CleanupPolicy, ContainerPurge, EphemeralContainer, Provider } from "pulumi-supermemory";
import { createEmulator } from "pulumi-supermemory/emulator";
import { planCleanup } from "pulumi-supermemory/policy";
import { cleanupPolicy, containerPurge } from "pulumi-supermemory/provider";

const require = createRequire(import.meta.url);
const imported = {
  "pulumi-supermemory": { CleanupPolicy, ContainerPurge, EphemeralContainer, Provider },
  "pulumi-supermemory/policy": { planCleanup },
  "pulumi-supermemory/emulator": { createEmulator },
  "pulumi-supermemory/provider": { cleanupPolicy, containerPurge },
};
for (const [name, exported] of Object.entries(imported)) {
  const required = require(name);
  for (const [key, value] of Object.entries(exported)) assert.equal(value, required[key], name + ": " + key);
}
assert.ok(require("pulumi-supermemory/schemas/receipt-1.json").$schema);
const manifest = require("pulumi-supermemory/package.json");
assert.equal(manifest.name, "pulumi-supermemory");
assert.equal(manifest.scripts.prepare, undefined);
const command = join(dirname(require.resolve("pulumi-supermemory/package.json")), manifest.bin["pulumi-supermemory"] ?? manifest.bin);
assert.match(execFileSync(process.execPath, [command, "--help"], { encoding: "utf8" }), /pulumi-supermemory emulator/);

const emulator = await createEmulator({ seed: { containers: { "pr-42": 2 } } });
const response = await fetch(emulator.url + "/v3/documents/list", {
  method: "POST",
  headers: { authorization: "Bearer " + emulator.apiKey, "content-type": "application/json" },
  body: JSON.stringify({ containerTags: ["pr-42"] }),
});
assert.equal((await response.json()).pagination.totalItems, 2);
await emulator.close();
`;

function tsconfig({ moduleResolution = "node16", built }: Program): string {
  const compilerOptions = {
    ...{ strict: true, target: "es2022", skipLibCheck: false, types: ["node"] },
    ...(moduleResolution === "node"
      ? { module: "commonjs", moduleResolution: "node" }
      : { module: "node16", moduleResolution: "node16" }),
    ...(built === true ? { rootDir: ".", outDir: "bin" } : { noEmit: true }),
  };
  return JSON.stringify({ compilerOptions, include: ["*.ts"] }, undefined, 2);
}
