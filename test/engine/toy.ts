import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";
import { testProject, type TestProject } from "./project";
import { type Engine, type EngineStack, type StackOptions } from "./types";

/** A project with a toy provider, and a stack. Most engine tests start with it. */
export interface Toy extends AsyncDisposable {
  readonly project: TestProject;
  readonly stack: EngineStack;
  /** Writes the program. Its lines create things with `thing(name, { tag, ... }, options)`. */
  program(...lines: readonly string[]): void;
  /** The calls since the last time: one list for each provider process. */
  calls(): readonly (readonly string[])[];
  directories(): readonly string[];
}

export async function openToy(
  engine: Engine,
  options: Partial<StackOptions> & { readonly folder?: string } = {},
): Promise<Toy> {
  const { folder, ...more } = options;
  const files = { "node_modules/toy/provider.js": provider, "node_modules/toy/package.json": `{ "name": "toy" }` };
  const project = testProject({ program: preamble, files, ...(folder === undefined ? {} : { folder }) });
  const log = join(project.stateDir, "calls.jsonl");
  const { projectDir, stateDir } = project;
  const env = { ...more.env, TOY_LOG: log };
  const stack = await engine.open({ projectDir, stateDir, stack: "pr-42", ...more, env });
  return {
    project,
    stack,
    program: (...lines) => {
      project.setProgram([preamble, ...lines].join("\n"));
    },
    calls: () => {
      const byProcess = new Map<number, string[]>();
      for (const { pid, call } of readCalls(log)) byProcess.set(pid, [...(byProcess.get(pid) ?? []), call]);
      writeFileSync(log, "");
      return [...byProcess.values()];
    },
    directories: () => [...new Set(readCalls(log).map(({ cwd }) => cwd))],
    [Symbol.asyncDispose]: async () => {
      await stack.close();
      project.close();
    },
  };
}

/** The URN of a thing without a parent. */
export function urnOf(name: string, stack = "pr-42"): string {
  return `urn:pulumi:${stack}::shop::${thingType}::${name}`;
}

export const thingType = "pulumi-nodejs:dynamic/toy:Thing";

const callSchema = z.object({ pid: z.number(), cwd: z.string(), call: z.string() });

function readCalls(path: string) {
  const text = existsSync(path) ? readFileSync(path, "utf8") : "";
  const lines = text.split("\n").filter((line) => line !== "");
  return lines.map((line) => callSchema.parse(JSON.parse(line)));
}

const preamble = `
const pulumi = require("@pulumi/pulumi");
const handler = 'exports.handler=()=>require("module").createRequire(process.cwd()+"/")("toy/provider").thing';
class Thing extends pulumi.CustomResource {
  constructor(name, args, options = {}) {
    const urn = pulumi.createUrn(name, ${JSON.stringify(thingType)}, options.parent);
    super(${JSON.stringify(thingType)}, name, { made: undefined, ...args, name, __urn: urn, __provider: handler }, options);
  }
}
const thing = (name, args, options) => new Thing(name, args, options);
`;

/**
 * Records each call as text: "check(a: {} -> x)" has no old inputs, and the tag x in the new ones. Outputs have a
 * counter, "x#1". TOY_CREATE, TOY_UPDATE, TOY_DELETE and TOY_READ make a method fail ("fail"), or fail halfway ("half").
 * TOY_DRIFT makes read report drift. check, create, update and delete log the messages in "say". "answer" is added to
 * the response of diff.
 */
const provider = `
const { appendFileSync, existsSync } = require("fs");
const fromProgram = require("module").createRequire(process.cwd() + "/");
const { EngineClient } = fromProgram("@pulumi/pulumi/proto/engine_grpc_pb.js");
const { LogRequest } = fromProgram("@pulumi/pulumi/proto/engine_pb.js");
const { credentials } = require("module").createRequire(fromProgram.resolve("@pulumi/pulumi"))("@grpc/grpc-js");
const engine = new EngineClient(process.argv[2], credentials.createInsecure());

const note = (call) =>
  appendFileSync(process.env.TOY_LOG, JSON.stringify({ pid: process.pid, cwd: process.cwd(), call }) + "\\n");
const show = (props) => (props.tag === undefined ? "{}" : props.tag + (props.made === undefined ? "" : "#" + props.made));
const failure = (message) => Object.assign(new Error(message), { stack: undefined });
const say = async (event, props) => {
  for (const { on, text, severity = 1, ephemeral = false } of props.say ?? []) {
    if (on !== event) continue;
    const request = new LogRequest();
    request.setSeverity(severity);
    request.setMessage(text);
    request.setUrn(props.__urn);
    request.setEphemeral(ephemeral);
    await new Promise((resolve, reject) => engine.log(request, (error) => (error ? reject(error) : resolve())));
  }
};
/** Waits for the file in TOY_HOLD to exist, at most a minute. */
const held = () =>
  new Promise((resolve, reject) => {
    const path = process.env.TOY_HOLD;
    const endsAt = Date.now() + 60_000;
    const look = () => {
      if (path === undefined || existsSync(path)) resolve();
      else if (Date.now() > endsAt) reject(failure("nobody let it go on"));
      else setTimeout(look, 20);
    };
    look();
  });
const finish = (method, id, outs) => {
  const mode = process.env["TOY_" + method];
  if (mode === "fail") throw failure(method.toLowerCase() + " failed");
  if (mode === "half") throw Object.assign(failure("half"), { id, properties: outs, reasons: ["only half done"] });
  return outs;
};

exports.thing = {
  configure({ config }) {
    note("configure(" + (config.get("supermemory:apiKey") ?? "") + ")");
  },
  async check(olds, news) {
    note("check(" + news.name + ": " + show(olds) + " -> " + show(news) + ")");
    await say("check", news);
    const failures = news.tag === "bad" ? [{ property: "tag", reason: "it is bad" }] : [];
    return { inputs: news, failures };
  },
  async diff(id, olds, news) {
    note("diff(" + news.name + ": " + show(olds) + " -> " + show(news) + ")");
    return { changes: olds.tag !== news.tag || olds.drifted === true, ...news.answer };
  },
  async create(inputs) {
    note("create(" + inputs.name + ": " + show(inputs) + ")");
    await say("create", inputs);
    await held();
    const id = inputs.name + "-id";
    return { id, outs: finish("CREATE", id, { ...inputs, made: 1 }) };
  },
  async update(id, olds, news) {
    note("update(" + news.name + ": " + show(olds) + " -> " + show(news) + ")");
    await say("update", news);
    return { outs: finish("UPDATE", id, { ...news, made: olds.made + 1 }) };
  },
  async read(id, props) {
    note("read(" + props.name + ": " + show(props) + ")");
    const drifted = process.env.TOY_DRIFT === undefined ? {} : { drifted: true };
    return { id, props: finish("READ", id, { ...props, ...drifted, seen: process.env.TOY_SEEN ?? "nothing" }) };
  },
  async delete(id, props) {
    note("delete(" + props.name + ": " + show(props) + ")");
    await say("delete", props);
    await held();
    finish("DELETE", id, {});
  },
};
`;
