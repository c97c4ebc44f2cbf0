import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { z } from "zod";
import { type TestProject } from "../project";

const repository = resolve(__dirname, "../../..");

/** One call of a provider method, with its arguments and its result or error. */
export type Call = z.infer<typeof callSchema>;

const callSchema = z.object({
  pid: z.number(),
  method: z.string(),
  urn: z.string(),
  args: z.array(z.unknown()),
  result: z.unknown().optional(),
  error: z.unknown().optional(),
});

/**
 * Installs a package in front of pulumi-supermemory. It records each call of a provider method in a file and passes it
 * on. A call that did not return has neither a result nor an error.
 */
export function recordCalls({ projectDir }: TestProject, log: string): () => readonly Call[] {
  const folder = join(projectDir, "node_modules/pulumi-supermemory");
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  const exported = { ".": "./program.js", "./provider": "./provider.js" };
  writeFileSync(join(folder, "package.json"), JSON.stringify({ name: "pulumi-supermemory", exports: exported }));
  writeFileSync(join(folder, "program.js"), `module.exports = require(${JSON.stringify(repository)});`);
  writeFileSync(join(folder, "provider.js"), provider(log));
  return () => {
    const text = existsSync(log) ? readFileSync(log, "utf8") : "";
    writeFileSync(log, "");
    const lines = text.split("\n").filter((one) => one !== "");
    const calls = new Map<string, Call>();
    for (const line of lines) {
      const { key, ...noted } = lineSchema.parse(JSON.parse(line));
      calls.set(key, callSchema.parse({ ...calls.get(key), ...noted }));
    }
    return [...calls.values()];
  };
}

const lineSchema = z.looseObject({ key: z.string() });

const provider = (log: string): string => `
const { appendFileSync } = require("node:fs");
const real = require(${JSON.stringify(require.resolve(join(repository, "dist/provider/dynamic")))});
const note = (line) => appendFileSync(${JSON.stringify(log)}, JSON.stringify(line) + "\\n");
let calls = 0;
const recorded = (kind, methods) => {
  const wrapped = {};
  for (const method of Object.keys(methods)) {
    if (method === "configure") {
      wrapped.configure = (request) => {
        const keys = ["instance", "apiVersion", "maxDeletions"];
        const args = keys.map((key) => request.config.get("supermemory:" + key) ?? null);
        note({ key: process.pid + "-" + calls++, pid: process.pid, method: "configure", urn: kind, args });
        return methods.configure(request);
      };
      continue;
    }
    wrapped[method] = async (...args) => {
      const key = process.pid + "-" + calls++;
      const urn = String(args.findLast((one) => typeof one === "object").__urn);
      note({ key, pid: process.pid, method, urn, args });
      try {
        const result = await methods[method](...args);
        note({ key, result });
        return result;
      } catch (error) {
        const { message, id, properties, reasons } = error;
        note({ key, error: { message, id, properties, reasons } });
        throw error;
      }
    };
  }
  return wrapped;
};
for (const [kind, methods] of Object.entries(real)) exports[kind] = recorded(kind, methods);
`;
