import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { ModuleKind, ScriptTarget, transpileModule } from "typescript";
import { cleanEnvironment, testProject, type TestProject } from "../../test/engine";
import { engineService } from "../../test/engine/embedded/program/engine-service";
import { GrpcServer } from "../../test/engine/embedded/program/grpc-server";
import { PhaseLog } from "../../test/engine/embedded/display/phase-log";
import { ProviderProcess } from "../../test/engine/embedded/provider/provider-process";
import { bystander, type ServerReport, serverReportSchema } from "./server-protocol";
import { Worker } from "./worker";

/** Shared by all benchmarks: one server, one engine, and one project with the programs. */
export class Stage {
  private constructor(
    private readonly server: Worker,
    private readonly engine: GrpcServer,
    readonly project: TestProject,
    readonly url: string,
    readonly apiKey: string,
  ) {}

  static async open(): Promise<Stage> {
    const server = new Worker(join(__dirname, "server-process.ts"));
    const { apiKey, url } = serverReportSchema.parse(await server.call({ kind: "report" }));
    const engine = await GrpcServer.start([engineService(new PhaseLog(urnOf("pulumi:pulumi:Stack", "bench-dev")))]);
    const files = { "naive.js": compiled("naive"), "start.js": compiled("start") };
    const project = testProject({ name: "bench", program: compiled("by-name"), files });
    return new Stage(server, engine, project, url, apiKey);
  }

  /** The path of a program in the project. */
  programFile(program: Program): string {
    return join(this.project.programDir, program === "by-name" ? "index.js" : "naive.js");
  }

  get engineAddress(): string {
    return this.engine.address;
  }

  /** The environment of programs and providers. */
  get environment(): Record<string, string> {
    return cleanEnvironment({ SUPERMEMORY_API_KEY: this.apiKey, SUPERMEMORY_BASE_URL: this.url });
  }

  /** The SDK's own dynamic-provider server, as an engine starts it: without a cache of compiled code. */
  async startProvider(): Promise<ProviderProcess> {
    const cwd = this.project.programDir;
    const script = createRequire(join(cwd, "index.js")).resolve("@pulumi/pulumi/cmd/dynamic-provider");
    const onLine = (stream: string, line: string): void => {
      console.error(`a provider printed to ${stream}: ${line}`);
    };
    const command: [string] = [process.execPath];
    const options = { cwd, env: this.environment, onLine, command };
    return await ProviderProcess.start(script, this.engineAddress, options);
  }

  /**
   * Seeds the account, runs the work, and checks what the server then has.
   *
   * @throws Error unless exactly the documents of `containers` were deleted
   */
  async purging(containers: Readonly<Record<string, number>>, work: () => Promise<number>): Promise<Sample> {
    await this.server.call({ kind: "seed", containers });
    const value = await work();
    const after = serverReportSchema.parse(await this.server.call({ kind: "report" }));
    const problem = problemIn(after, containers);
    if (problem !== undefined) throw new Error(problem);
    return { value, sent: after.sent };
  }

  async close(): Promise<void> {
    this.engine.stop();
    await this.server.stop();
    this.project.close();
  }
}

/** The two programs that are compared. */
export type Program = "by-name" | "naive";

/** One measured value, and the requests that were sent for it. */
export interface Sample {
  readonly value: number;
  readonly sent?: Readonly<Record<string, number>>;
}

/** Ends a provider, and waits a moment so that its cleanup does not slow the next measurement. */
export async function stopProvider(provider: ProviderProcess): Promise<void> {
  await provider.stop();
  await delay(50);
}

export function urnOf(type: string, name: string): string {
  return `urn:pulumi:dev::bench::${type}::${name}`;
}

function problemIn(after: ServerReport, purged: Readonly<Record<string, number>>): string | undefined {
  const planned = Object.values(purged).reduce((sum, documents) => sum + documents, 0);
  const left = Object.keys(purged).filter((tag) => (after.containers[tag] ?? 0) > 0);
  const harmed = Object.entries(bystander).filter(([tag, documents]) => after.containers[tag] !== documents);
  if (harmed.length > 0) return `the bystander was touched: ${JSON.stringify(harmed)}`;
  if (left.length > 0) return `documents remain in ${left.join(", ")}`;
  if (after.deleted !== planned) return `${after.deleted} documents were deleted instead of ${planned}`;
  return after.failed > 0 ? `${after.failed} requests failed` : undefined;
}

/** A program of bench/programs as JavaScript, as `tsc` compiles it for a user. */
function compiled(program: "by-name" | "naive" | "start"): string {
  const file = join(__dirname, "..", "programs", `${program}.ts`);
  const compilerOptions = { module: ModuleKind.CommonJS, target: ScriptTarget.ES2022, esModuleInterop: true };
  return transpileModule(readFileSync(file, "utf8"), { compilerOptions, fileName: file }).outputText;
}
