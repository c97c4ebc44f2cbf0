import { cpSync, mkdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { type Emulator } from "../../../emulator";
import { openEmulator } from "../../wire/emulator";
import { testProject, type TestProject } from "../project";
import { type Engine, type EngineStack, type Run, type RunOptions } from "../types";
import { chosen, edited } from "./edits";
import { isRefresh, type History, type Step } from "./history";
import { observe, type Observation } from "./observation";
import { programText, project as projectName, stack as stackName, type Program, urnOf } from "./program";
import { type Call, recordCalls } from "./recorder";

/** One engine with its own emulator, project and stack. It runs one history after another. */
export class Side {
  private constructor(
    readonly engine: Engine,
    private readonly emulator: Emulator,
    private readonly project: TestProject,
    private readonly stack: EngineStack,
    private readonly calls: () => readonly Call[],
  ) {}

  static async open(engine: Engine): Promise<Side> {
    const emulator = await openEmulator();
    const project = testProject({ program: "", name: projectName });
    const calls = recordCalls(project, join(project.stateDir, "..", "calls.jsonl"));
    const { projectDir, stateDir } = project;
    const env = {
      SUPERMEMORY_API_KEY: emulator.apiKey,
      SUPERMEMORY_BASE_URL: emulator.url,
      PULUMI_DIY_BACKEND_DISABLE_CHECKPOINT_BACKUPS: "true",
    };
    // One request at a time, so that a fault hits the same request on both sides.
    const config = { "supermemory:concurrency": "1" };
    const stack = await engine.open({ projectDir, stateDir, stack: stackName, config, env });
    cpSync(stateDir, pristine(project), { recursive: true });
    return new Side(engine, emulator, project, stack, calls);
  }

  /** Runs a history on an empty stack, with a few documents in the account. Yields after each step. */
  async *run({ isChain, steps }: History): AsyncGenerator<Observation, void> {
    this.#reset();
    let program: Program = { resources: [], isChain, isBroken: false };
    let hasRacedOutputs = false;
    for (const step of steps) {
      program = { ...edited(program, step.edits), isBroken: step.isBroken };
      const seen = await this.#step(program, step);
      hasRacedOutputs = !seen.ok || (hasRacedOutputs && !writesOutputs(step));
      yield { ...seen, hasRacedOutputs };
    }
  }

  async close(): Promise<void> {
    await this.stack.close();
    await this.emulator.close();
    this.project.close();
  }

  #reset(): void {
    this.emulator.reset();
    this.emulator.seed({ containers: { "pr-1": 2, "pr-2": 1, "pr-4": 3, production: 2 } });
    const { stateDir } = this.project;
    rmSync(stateDir, { recursive: true, force: true, maxRetries: 10 });
    mkdirSync(stateDir);
    cpSync(pristine(this.project), stateDir, { recursive: true });
    this.calls();
  }

  async #step(program: Program, step: Step): Promise<Omit<Observation, "hasRacedOutputs">> {
    const { emulator } = this;
    this.project.setProgram(programText(program));
    emulator.seed({ containers: step.writes });
    const [requests, deletions] = [emulator.requests.length, emulator.ledger.length];
    const fault = step.fault === undefined ? undefined : emulator.addFault(step.fault);
    const run = await this.#command(program, step);
    fault?.remove();
    return observe({
      run,
      calls: this.calls(),
      state: await this.stack.rawState(),
      requests: emulator.requests.slice(requests),
      ledger: emulator.ledger.slice(deletions),
      containers: emulator.containers(),
      // A refresh reads all resources at once.
      isOrdered: program.isChain && !isRefresh(step.command),
      hidden: [this.project.projectDir, emulator.url],
    });
  }

  #command(program: Program, { command, env }: Step): Promise<Run> {
    const { name, target, replace, ...flags } = command;
    const urns = (at: number | undefined) => {
      const resource = at === undefined ? undefined : chosen(program.resources, at);
      return resource === undefined ? [] : [urnOf(resource)];
    };
    const options: RunOptions = {
      ...flags,
      env,
      skipPreview: flags.previewOnly !== true,
      target: urns(target),
      replace: urns(replace),
    };
    return this.stack[name](options);
  }
}

/** An up with targets leaves the outputs of other components as they are. */
function writesOutputs({ command }: Step): boolean {
  return command.name === "up" && command.target === undefined;
}

function pristine({ stateDir }: TestProject): string {
  return `${stateDir}-pristine`;
}
