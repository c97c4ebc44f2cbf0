import type { FaultRule } from "../../../emulator/index";
import type { Properties } from "../support/host-calls";
import { matching } from "../support/host-matchers";
import { mutations, type SeedContainers } from "../support/host-emulator";
import { begunPolicy, daysAgo, idle, inProgram, policyOver } from "../support/host-policy";

const args = { match: ["pr-*"], inactiveFor: "14 days" };

test("a run that fails halfway records what was purged, and the next up makes a new plan", async () => {
  const config = { "supermemory:concurrency": "1" };
  const { emulator, stack } = await policyOver({ "pr-1": idle(31), "pr-2": idle(30, 3) }, { config });
  emulator.addFault({
    match: { method: "DELETE", containerTag: "pr-2" },
    then: { kind: "serverError", status: 403 },
  });
  const { error } = await stack.up(args);
  expect(error).toMatch(/^deleted 2 of 5 documents \(pr-1: 2 of 2, pr-2: 0 of 3\), then .*403.*; 3 remain\n/s);
  expect(stack.stored?.unfinished).toBe(true);
  const purged = [{ containerTag: "pr-1", deletedCount: 2 }];
  expect(stack.outputs).toMatchObject({ ...args, deletedCount: 2, purged, __provider: "text" });
  expect((await stack.refresh()).error).toBeUndefined();
  const again = await stack.up(args);
  expect([again.changes, again.lines]).toEqual([true, ["deleted 3 documents in pr-2 in 0.0 s"]]);
});

interface Refused {
  readonly limits?: Properties;
  readonly faults?: readonly FaultRule[];
  /** Between the check and the run: new documents, and other inputs. */
  readonly grown?: SeedContainers;
  readonly changed?: Properties;
}

describe("a run deletes nothing", () => {
  const list = { route: "containerTags.list" } as const;
  const wait = { kind: "rateLimit", retryAfter: 60 } as const;
  const grown = { "pr-1": { documents: 4, each: { createdAt: daysAgo(20) } } };

  test.each<[string, Refused, string | RegExp]>([
    [
      "when it has more documents than maxDeletions by now",
      { limits: { maxDeletions: 5 }, grown },
      "this would delete 9 documents in pr-2 and pr-1, more than maxDeletions (5); nothing was deleted\nraise maxDeletions, or narrow match",
    ],
    [
      "when its plan has more containers than maxContainers, whatever the check let pass",
      { changed: { maxContainers: 1 } },
      "this would purge 2 containers (pr-1 and pr-2), more than maxContainers (1); nothing was deleted",
    ],
    [
      "beyond its timeout, the second look included",
      {
        limits: { timeout: "90s" },
        faults: [
          { match: list, nth: 2, then: wait },
          { match: { route: "documents.list" }, then: wait },
        ],
      },
      "longer than the time left (timeout 30s); nothing was deleted",
    ],
    [
      "when the second look fails",
      { faults: [{ match: list, nth: 3, times: Infinity, then: { kind: "serverError", status: 403 } }] },
      /^the key may not list containers \(403\).*; nothing was deleted\n/,
    ],
  ])("%s", async (_case, { changed = {}, faults = [], grown: containers = {}, limits = {} }, error) => {
    const { emulator, provider } = await begunPolicy();
    for (const fault of faults) emulator.addFault(fault);
    const { inputs } = await provider.check({}, inProgram({ ...args, ...limits }));
    emulator.seed({ containers });
    await expect(provider.create({ ...inputs, ...changed })).rejects.toThrow(error);
    expect(mutations(emulator)).toEqual([]);
  });

  test.each([
    ["is protected", "live", "to keep pr-1, add it to except"],
    ["is excepted", "team-notes", 'which is protected because it matches "team-*" in except'],
  ])("when documents also belong to a container that %s", async (_case, other, more) => {
    const createdAt = daysAgo(31);
    const shared = { documents: 2, createdAt, each: { createdAt, alsoIn: [other] } };
    const { emulator, stack } = await policyOver({ "pr-1": shared });
    const { error } = await stack.up({ ...args, except: ["team-*"] });
    expect(error).toContain(`2 documents in pr-1 also carry "${other}"`);
    expect(error).toContain(more);
    expect(mutations(emulator)).toEqual([]);
  });
});

test("a run with another key than before says so, in the preview and in the up", async () => {
  const apiKeys = [{ key: "sm_first" }, { key: "sm_second" }];
  const { emulator, stack } = await policyOver({ "pr-1": idle(31) }, { apiKeys });
  await stack.up(args);
  emulator.seed({ containers: { "pr-2": idle(31) } });
  const other = { SUPERMEMORY_API_KEY: "sm_second" };
  const [before, warned] = [stack.outputs["keyId"], matching(/^warning: the API key changed/)];
  expect((await stack.preview(args, other)).lines).toEqual(expect.arrayContaining([warned]));
  await stack.up({ ...args, mode: "report" }, other);
  expect(stack.outputs["keyId"]).toBe(before);
  expect((await stack.up(args, other)).lines).toEqual(expect.arrayContaining([warned]));
  expect(stack.outputs["keyId"]).not.toBe(before);
});

test("another address stops the preview and the up, in both modes, until it is accepted", async () => {
  const { emulator, stack } = await policyOver({ "pr-1": idle(31) });
  await stack.up(args);
  emulator.seed({ containers: { "pr-2": idle(31) } });
  const moved = { SUPERMEMORY_BASE_URL: emulator.url.replace("127.0.0.1", "localhost") };
  const { outputs } = stack;
  const from = mutations(emulator).length;
  const report = { ...args, mode: "report" };
  for (const run of [await stack.preview(args, moved), await stack.up(args, moved), await stack.up(report, moved)]) {
    expect(run.error).toContain(
      `nightly was last purged at ${emulator.url}, but the API address is now ${moved.SUPERMEMORY_BASE_URL}`,
    );
  }
  expect(mutations(emulator)).toHaveLength(from);
  expect(stack.outputs).toBe(outputs);
  const accepted = { ...moved, SUPERMEMORY_ACCEPT_BASE_URL: moved.SUPERMEMORY_BASE_URL };
  expect((await stack.up(args, accepted)).error).toBeUndefined();
  expect(stack.outputs).toMatchObject({ baseUrl: moved.SUPERMEMORY_BASE_URL, deletedCount: 2 });
});
