import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { inspect } from "node:util";
import fc from "fast-check";
import { claimsPath } from "../../../provider/host/claims-file";
import { PartialFailure } from "../../../provider/dynamic/engine-errors";
import { Host } from "../../../provider/host/host";
import { LeapingClock } from "../support/clocks";
import {
  cleanupPolicyMethods,
  containerPurgeMethods,
  openProvider,
  type Properties,
  type ProviderCalls,
  testTime,
} from "../support/host-calls";
import { startEngine } from "../support/host-engine";
import { urnOfMemory } from "../support/host-stack";
import { documentText, LeakyApi, leaks } from "../support/leaky-api";
import { key, tracesOf } from "../support/traces";

const purges: fc.Arbitrary<Properties> = fc.record(
  {
    deleteBy: fc.constantFrom("tag", "ids"),
    scope: fc.constant("documents"),
    select: fc.constant({ olderThan: "1 day", metadata: { kind: "log" } }),
    verify: fc.boolean(),
  },
  { requiredKeys: ["deleteBy", "scope", "verify"] },
);
const setting = fc.record({
  secret: key,
  responding: fc.array(leaks, { minLength: 1, maxLength: 8 }),
  apiVersion: fc.constantFrom("auto", "v3", "v5"),
  place: fc.constantFrom("file", "github"),
});
/** Fewer runs are a failure. */
const limits = { interruptAfterTimeLimit: 100_000, markInterruptAsFailure: true } as const;

test("no response to a ContainerPurge makes the key or a document appear in any output", async () => {
  await fc.assert(
    fc.asyncProperty(setting, purges, async (given, args) => {
      await holds(given, containerPurgeMethods, { containerTags: ["pr-42"], ...args });
    }),
    { numRuns: 80, ...limits },
  );
});

test("no response to a CleanupPolicy makes the key or a document appear in any output", async () => {
  await fc.assert(
    fc.asyncProperty(setting, async (given) => {
      await holds(given, cleanupPolicyMethods, { match: ["pr-*"], inactiveFor: "14 days" });
    }),
    { numRuns: 60, ...limits },
  );
});

/** Every kind of output must have contained something. */
afterEach(() => {
  expect([...filled.splice(0)].sort()).toEqual(expect.arrayContaining(["errors", "files", "kept", "lines"]));
});

const filled: string[] = [];

type Setting = typeof setting extends fc.Arbitrary<infer T> ? T : never;

/** Runs every method of a resource with these arguments, and checks all outputs. */
async function holds(given: Setting, methods: typeof containerPurgeMethods, args: Properties): Promise<void> {
  const { apiVersion, place, responding, secret } = given;
  const folder = mkdtempSync(join(tmpdir(), "secrets-"));
  const api = new LeakyApi(responding);
  const engine = await startEngine();
  const receipts = join(folder, "receipts");
  const env = {
    SUPERMEMORY_BASE_URL: await api.start(),
    SUPERMEMORY_API_KEY: secret,
    SUPERMEMORY_RECEIPTS: place === "file" ? receipts : "github",
    GITHUB_STEP_SUMMARY: receipts,
  };
  const printed: string[] = [];
  const spies = (["stdout", "stderr"] as const).map((stream) =>
    jest.spyOn(process[stream], "write").mockImplementation((text) => printed.push(String(text)) > 0),
  );
  const argv = ["node", "x", engine.address];
  const [clock, print] = [new LeapingClock(testTime), (line: string) => printed.push(line)];
  const host = new Host({ argv, env, cwd: folder, clock, print });
  try {
    const config = { "supermemory:apiVersion": apiVersion };
    const life = new Life(openProvider({ host, methods, config }));
    await life.command(args);
    const claims = claimsPath(engine.address) ?? "";
    const files = [receipts, claims].filter((path) => existsSync(path)).map((path) => readFileSync(path, "utf8"));
    const lines = engine.lines.map(({ message }) => message);
    const sinks = { printed, files, lines, errors: life.errors, kept: JSON.stringify([life.state, life.inputs]) };
    for (const spy of spies) spy.mockRestore();
    expect(api.requests).toBeGreaterThan(0);
    for (const [sink, text] of Object.entries(sinks)) {
      if (text.length > 0) filled.push(sink);
      expect([sink, tracesOf(secret, [text].flat().join("\n"))]).toEqual([sink, []]);
      for (const words of Object.values(documentText)) expect([sink, text].flat().join("\n")).not.toContain(words);
    }
  } finally {
    for (const spy of spies) spy.mockRestore();
    await host.close();
    await engine.end();
    await api.stop();
    rmSync(folder, { recursive: true });
  }
}

/** One resource through all methods of its provider, successful or not. */
class Life {
  /** Errors in every form that could be printed, and check failures. */
  readonly errors: string[] = [];
  state: Properties | undefined;
  inputs: Properties = {};

  constructor(private readonly provider: ProviderCalls) {}

  /** A preview, an up, another with triggers, a refresh and a destroy. */
  async command(args: Properties): Promise<void> {
    const { provider } = this;
    await this.#check({ ...args, __preview: true });
    await this.#check(args);
    await this.#keep(async () => (await provider.create(this.inputs)).outputs);
    // The other methods run even if the create failed.
    const counts = { deletedCount: 0, totalDeletedCount: 0, deletedByTag: {} };
    const olds = this.state ?? { ...this.inputs, ...counts, pending: [], planned: [], purged: [] };
    this.inputs = { ...this.inputs, ...("match" in args ? {} : { triggers: ["again"] }) };
    await this.#keep(async () => {
      await provider.diff("id", olds, { ...this.inputs, __preview: true });
      return await provider.update("id", olds, this.inputs);
    });
    await this.#keep(async () => await provider.read("id", this.state ?? olds));
    await this.#keep(async () => {
      await provider.delete("id", this.state ?? olds);
      return this.state ?? olds;
    });
  }

  async #check(args: Properties): Promise<void> {
    const checked = await this.#hear(async () => await this.provider.check(this.inputs, { ...args, ...names }));
    if (checked === undefined) return;
    this.errors.push(JSON.stringify(checked.failures));
    this.inputs = checked.inputs;
  }

  async #keep(change: () => Promise<Properties>): Promise<void> {
    this.state = (await this.#hear(change)) ?? this.state;
  }

  async #hear<T>(work: () => Promise<T>): Promise<T | undefined> {
    try {
      return await work();
    } catch (error) {
      if (!(error instanceof Error)) throw error;
      const shown = [inspect(error, { depth: 10, showHidden: true }), inspect(error.cause, { depth: 10 })];
      this.errors.push(error.message, error.stack ?? "", String(error), JSON.stringify(error), ...shown);
      if (error instanceof PartialFailure) this.state = { ...error.properties };
      return undefined;
    }
  }
}

const names = { __provider: "text", __urn: urnOfMemory };
