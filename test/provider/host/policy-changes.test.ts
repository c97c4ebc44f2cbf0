import { cleanupPolicyMethods } from "../../../provider/host/cleanup-policy";
import { openProvider } from "../support/host-calls";
import { matching } from "../support/host-matchers";
import { mutations, startEmulator } from "../support/host-emulator";
import { daysAgo, idle, policyStack, urnOfPolicy } from "../support/host-policy";

const args = { match: ["pr-*"], inactiveFor: "14 days" };
const inProgram = { ...args, __provider: "text", __urn: urnOfPolicy };
const purgeUrn = urnOfPolicy.replace("CleanupPolicy::nightly", "ContainerPurge::memory");

describe("a container of the plan that changes before its delete", () => {
  test("is kept and named when it came into use between check and purge", async () => {
    const { emulator, provider } = await begun();
    const { inputs } = await provider.check({}, inProgram);
    emulator.seed({ containers: { "pr-1": { lastActivityAt: daysAgo(1) } } });
    const { outputs } = await provider.create(inputs);
    expect(provider.lines).toEqual(["warning: kept pr-1: active 24 hours ago", "deleted 3 documents in pr-2 in 0.0 s"]);
    expect(outputs).toMatchObject({ deletedCount: 3, purged: [{ containerTag: "pr-2", deletedCount: 3 }] });
    expect(emulator.containers()).toMatchObject({ "pr-1": 2, "pr-2": 0 });
  });

  test("is kept and named when it comes into use after everything was counted", async () => {
    const { emulator, provider } = await begun();
    emulator.addFault({ match: { route: "documents.list", containerTag: "pr-2" }, then: { kind: "slow" } });
    const { inputs } = await provider.check({}, inProgram);
    const created = provider.create(inputs);
    await emulator.whenHeld();
    emulator.seed({ containers: { "pr-1": { lastActivityAt: daysAgo(0) } } });
    emulator.release();
    const { outputs } = await created;
    expect(provider.lines).toEqual(["warning: kept pr-1: active just now", "deleted 3 documents in pr-2 in 0.0 s"]);
    expect(outputs["purged"]).toEqual([{ containerTag: "pr-2", deletedCount: 3 }]);
    expect(mutations(emulator)).toEqual(["DELETE pr-2"]);
  });

  test("is kept on v5 too, where a new document shows that it is in use", async () => {
    const { emulator, provider } = await begun({ "supermemory:apiVersion": "v5" });
    const { inputs } = await provider.check({}, inProgram);
    emulator.seed({ containers: { "pr-1": { documents: 1, each: { createdAt: daysAgo(1) } } } });
    await provider.create(inputs);
    expect(provider.lines[0]).toBe("warning: kept pr-1: active 24 hours ago");
    expect(emulator.containers()).toMatchObject({ "pr-1": 3, "pr-2": 0 });
  });

  test("is kept when it has become one of the newest", async () => {
    const { emulator, provider } = await begun();
    const { inputs } = await provider.check({}, { ...inProgram, inactiveFor: undefined, keepLatest: 1 });
    expect(inputs["planned"]).toMatchObject([{ containerTag: "pr-1" }]);
    emulator.seed({ containers: { "pr-1": { lastActivityAt: daysAgo(1) } } });
    const { outputs } = await provider.create(inputs);
    expect(provider.lines).toEqual(["warning: kept pr-1: the newest"]);
    expect([outputs["purged"], mutations(emulator)]).toEqual([[], []]);
  });

  test("does not stand in the way of the others, however much was written to it", async () => {
    const { emulator, provider } = await begun();
    const { inputs } = await provider.check({}, { ...inProgram, maxDeletions: 5 });
    emulator.seed({
      containers: { "pr-1": { documents: 50, each: { createdAt: daysAgo(1) }, lastActivityAt: daysAgo(1) } },
    });
    const { outputs } = await provider.create(inputs);
    expect(outputs).toMatchObject({ deletedCount: 3 });
    expect(emulator.containers()).toMatchObject({ "pr-1": 52, "pr-2": 0 });
  });

  test("is no longer of interest when it is gone", async () => {
    const { emulator, provider } = await begun();
    const { inputs } = await provider.check({}, inProgram);
    const planned = [{ containerTag: "pr-9", documents: 1, reason: "was there" }];
    const { outputs } = await provider.create({ ...inputs, planned });
    expect(provider.lines).toEqual(["warning: kept pr-9: it is gone"]);
    expect([outputs["deletedCount"], mutations(emulator)]).toEqual([0, []]);
  });

  test("is left alone when the policy is not about it, whatever the inputs say", async () => {
    const { emulator, provider } = await begun();
    const { inputs } = await provider.check({}, inProgram);
    await provider.create({ ...inputs, planned: [{ containerTag: "bystander", documents: 3, reason: "" }] });
    expect(provider.lines).toEqual(["warning: kept bystander: it does not match"]);
    expect(mutations(emulator)).toEqual([]);
  });

  test("is never one that the check did not plan, be it still so inactive", async () => {
    const { emulator, provider } = await begun();
    const { inputs } = await provider.check({}, inProgram);
    emulator.seed({ containers: { "pr-3": idle(50) } });
    await provider.create(inputs);
    expect(emulator.containers()).toMatchObject({ "pr-1": 0, "pr-2": 0, "pr-3": 2 });
  });
});

test("a plan that could not be made leaves nothing of the one before", async () => {
  const { emulator, provider } = await begun();
  const { inputs } = await provider.check({}, inProgram);
  const { id, outputs } = await provider.create(inputs);
  expect(await provider.diff(id, outputs, inputs)).toBe(true);
  emulator.addFault({ match: { route: "containerTags.list" }, then: { kind: "serverError", status: 403 } });
  const unknown = await provider.check({}, { ...inProgram, __preview: true });
  expect(await provider.diff(id, outputs, unknown.inputs)).toBe(false);
});

describe("a tag that a ContainerPurge manages", () => {
  test("is left out, with that resource's name", async () => {
    const { emulator, provider } = await begun();
    claim(provider, emulator.url);
    await provider.check({}, { ...inProgram, __preview: true });
    expect(provider.lines[0]).toContain("left out: pr-1 (managed by shop::ContainerPurge::memory)");
    const { inputs } = await provider.check({}, inProgram);
    expect(inputs["planned"]).toMatchObject([{ containerTag: "pr-2" }]);
  });

  test("is kept also when it was claimed after the plan was made", async () => {
    const { emulator, provider } = await begun();
    const { inputs } = await provider.check({}, inProgram);
    claim(provider, emulator.url);
    await provider.create(inputs);
    expect(provider.lines[0]).toBe("warning: kept pr-1: managed by shop::ContainerPurge::memory");
    expect(mutations(emulator)).toEqual(["DELETE pr-2"]);
  });

  test("is kept also when it is claimed in the middle of the run", async () => {
    const { emulator, provider } = await begun();
    emulator.addFault({ match: { route: "documents.list", containerTag: "pr-2" }, then: { kind: "slow" } });
    const { inputs } = await provider.check({}, inProgram);
    const created = provider.create(inputs);
    await emulator.whenHeld();
    claim(provider, emulator.url);
    emulator.release();
    await created;
    expect(provider.lines[0]).toBe("warning: kept pr-1: managed by shop::ContainerPurge::memory");
    expect(mutations(emulator)).toEqual(["DELETE pr-2"]);
  });
});

describe("a run that fails", () => {
  test("halfway records what was purged, and the next up plans anew", async () => {
    const emulator = await startEmulator({});
    emulator.seed({ containers: { "pr-1": idle(31), "pr-2": idle(30, 3) } });
    emulator.addFault({
      match: { method: "DELETE", containerTag: "pr-2" },
      then: { kind: "serverError", status: 403 },
    });
    const stack = policyStack(emulator, { config: { "supermemory:concurrency": "1" } });
    const { error } = await stack.up(args);
    expect(error).toMatch(/^deleted 2 of 5 documents \(pr-1: 2 of 2, pr-2: 0 of 3\), then .*403.*; 3 remain\n/s);
    expect(stack.stored?.unfinished).toBe(true);
    expect(stack.outputs).toMatchObject({
      ...args,
      deletedCount: 2,
      purged: [{ containerTag: "pr-1", deletedCount: 2 }],
      __provider: "text",
    });
    expect((await stack.refresh()).error).toBeUndefined();
    const again = await stack.up(args);
    expect([again.changes, again.lines]).toEqual([true, ["deleted 3 documents in pr-2 in 0.0 s"]]);
  });

  test("before its first delete leaves everything as it was", async () => {
    const { emulator, provider } = await begun();
    const { inputs } = await provider.check({}, { ...inProgram, maxDeletions: 5 });
    emulator.seed({ containers: { "pr-1": { documents: 4, each: { createdAt: daysAgo(20) } } } });
    await expect(provider.create(inputs)).rejects.toThrow(
      "refusing to delete 9 documents in pr-1 and pr-2: the limit is 5; nothing was deleted\nraise maxDeletions or narrow match",
    );
    expect(mutations(emulator)).toEqual([]);
  });

  test("because the plan has more containers than maxContainers deletes nothing, whatever the check let pass", async () => {
    const { emulator, provider } = await begun();
    const { inputs } = await provider.check({}, inProgram);
    await expect(provider.create({ ...inputs, maxContainers: 1 })).rejects.toThrow(
      "refusing to purge 2 containers (pr-1 and pr-2): the limit is 1; nothing was deleted",
    );
    expect(mutations(emulator)).toEqual([]);
  });

  test("takes no longer than its timeout, the second look included", async () => {
    const { emulator, provider } = await begun();
    emulator.addFault({ match: { route: "containerTags.list" }, nth: 2, then: { kind: "rateLimit", retryAfter: 60 } });
    emulator.addFault({ match: { route: "documents.list" }, then: { kind: "rateLimit", retryAfter: 60 } });
    const { inputs } = await provider.check({}, { ...inProgram, timeout: "90s" });
    await expect(provider.create(inputs)).rejects.toThrow("until the timeout of 30s; nothing was deleted");
    expect(mutations(emulator)).toEqual([]);
  });

  test("because the second look fails deletes nothing", async () => {
    const { emulator, provider } = await begun();
    emulator.addFault({
      match: { route: "containerTags.list" },
      nth: 3,
      times: 2,
      then: { kind: "serverError", status: 403 },
    });
    const { inputs } = await provider.check({}, inProgram);
    await expect(provider.create(inputs)).rejects.toThrow(
      /^the key has no right to list containers \(403\): use a key that is not scoped .*; nothing was deleted$/,
    );
    expect(mutations(emulator)).toEqual([]);
  });

  test("because documents also belong to a protected tag names except", async () => {
    const emulator = await startEmulator({});
    const createdAt = daysAgo(31);
    emulator.seed({ containers: { "pr-1": { documents: 2, createdAt, each: { createdAt, alsoIn: ["live"] } } } });
    const { error } = await policyStack(emulator).up(args);
    expect(error).toContain('refusing to purge pr-1: 2 documents in it also belong to "live"');
    expect(error).toContain('add "pr-1" to except');
    expect(mutations(emulator)).toEqual([]);
  });

  test("with another key than before says so, in the preview and in the up", async () => {
    const apiKeys = [{ key: "sm_first" }, { key: "sm_second" }];
    const emulator = await startEmulator({}, { apiKeys });
    emulator.seed({ containers: { "pr-1": idle(31) } });
    const stack = policyStack(emulator);
    await stack.up(args);
    emulator.seed({ containers: { "pr-2": idle(31) } });
    const other = { SUPERMEMORY_API_KEY: "sm_second" };
    const [before, warned] = [stack.outputs["keyId"], matching(/^warning: the API key is another one/)];
    expect((await stack.preview(args, other)).lines).toEqual(expect.arrayContaining([warned]));
    await stack.up({ ...args, mode: "report" }, other);
    expect(stack.outputs["keyId"]).toBe(before);
    expect((await stack.up(args, other)).lines).toEqual(expect.arrayContaining([warned]));
    expect(stack.outputs["keyId"]).not.toBe(before);
  });

  test("because the address is another one stops the preview and the up, until it is accepted", async () => {
    const emulator = await startEmulator({});
    emulator.seed({ containers: { "pr-1": idle(31) } });
    const stack = policyStack(emulator);
    await stack.up(args);
    emulator.seed({ containers: { "pr-2": idle(31) } });
    const moved = { SUPERMEMORY_BASE_URL: emulator.url.replace("127.0.0.1", "localhost") };
    const from = mutations(emulator).length;
    for (const { error } of [await stack.preview(args, moved), await stack.up(args, moved)]) {
      expect(error).toContain(
        `nightly was purged at ${emulator.url} before, now the address is ${moved.SUPERMEMORY_BASE_URL}`,
      );
    }
    expect(mutations(emulator)).toHaveLength(from);
    const { outputs } = stack;
    expect((await stack.up({ ...args, mode: "report" }, moved)).error).toContain("nightly was purged at");
    expect(stack.outputs).toBe(outputs);
    const accepted = { ...moved, SUPERMEMORY_ACCEPT_BASE_URL: moved.SUPERMEMORY_BASE_URL };
    expect((await stack.up(args, accepted)).error).toBeUndefined();
    expect(stack.outputs).toMatchObject({ baseUrl: moved.SUPERMEMORY_BASE_URL, deletedCount: 2 });
  });
});

/** A process in which nothing was checked yet, over two containers that a policy would purge. */
async function begun(config: Readonly<Record<string, string>> = {}) {
  const emulator = await startEmulator({});
  emulator.seed({ containers: { "pr-1": idle(31), "pr-2": idle(30, 3) } });
  const env = { SUPERMEMORY_BASE_URL: emulator.url, SUPERMEMORY_API_KEY: emulator.apiKey };
  return { emulator, provider: openProvider({ env, config, methods: cleanupPolicyMethods }) };
}

function claim({ host }: ReturnType<typeof openProvider>, baseUrl: string): void {
  host.claims.add({ urn: purgeUrn, containerTags: ["pr-1"], baseUrl, keyId: null });
}
