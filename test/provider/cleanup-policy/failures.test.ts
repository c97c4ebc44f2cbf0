import { matching } from "../support/host-matchers";
import { mutations, startEmulator } from "../support/host-emulator";
import { begunPolicy, daysAgo, idle, inProgram, policyStack } from "../support/host-policy";

const args = { match: ["pr-*"], inactiveFor: "14 days" };
const news = inProgram(args);

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
    const { emulator, provider } = await begunPolicy();
    const { inputs } = await provider.check({}, { ...news, maxDeletions: 5 });
    emulator.seed({ containers: { "pr-1": { documents: 4, each: { createdAt: daysAgo(20) } } } });
    await expect(provider.create(inputs)).rejects.toThrow(
      "this would delete 9 documents in pr-1 and pr-2, more than maxDeletions (5); nothing was deleted\nraise maxDeletions, or narrow match",
    );
    expect(mutations(emulator)).toEqual([]);
  });

  test("because the plan has more containers than maxContainers deletes nothing, whatever the check let pass", async () => {
    const { emulator, provider } = await begunPolicy();
    const { inputs } = await provider.check({}, news);
    await expect(provider.create({ ...inputs, maxContainers: 1 })).rejects.toThrow(
      "this would purge 2 containers (pr-1 and pr-2), more than maxContainers (1); nothing was deleted",
    );
    expect(mutations(emulator)).toEqual([]);
  });

  test("takes no longer than its timeout, the second look included", async () => {
    const { emulator, provider } = await begunPolicy();
    emulator.addFault({ match: { route: "containerTags.list" }, nth: 2, then: { kind: "rateLimit", retryAfter: 60 } });
    emulator.addFault({ match: { route: "documents.list" }, then: { kind: "rateLimit", retryAfter: 60 } });
    const { inputs } = await provider.check({}, { ...news, timeout: "90s" });
    await expect(provider.create(inputs)).rejects.toThrow(
      "longer than the time left (timeout 30s); nothing was deleted",
    );
    expect(mutations(emulator)).toEqual([]);
  });

  test("because the second look fails deletes nothing", async () => {
    const { emulator, provider } = await begunPolicy();
    emulator.addFault({
      match: { route: "containerTags.list" },
      nth: 3,
      times: 2,
      then: { kind: "serverError", status: 403 },
    });
    const { inputs } = await provider.check({}, news);
    await expect(provider.create(inputs)).rejects.toThrow(
      /^the key may not list containers \(403\).*; nothing was deleted\n/,
    );
    expect(mutations(emulator)).toEqual([]);
  });

  test("because documents also belong to a protected tag names except", async () => {
    const emulator = await startEmulator({});
    const createdAt = daysAgo(31);
    emulator.seed({ containers: { "pr-1": { documents: 2, createdAt, each: { createdAt, alsoIn: ["live"] } } } });
    const { error } = await policyStack(emulator).up(args);
    expect(error).toContain('2 documents in pr-1 also carry "live"');
    expect(error).toContain("to keep pr-1, add it to except");
    expect(mutations(emulator)).toEqual([]);
  });

  test("because documents also belong to a container that is excepted deletes nothing", async () => {
    const emulator = await startEmulator({});
    const createdAt = daysAgo(31);
    emulator.seed({ containers: { "pr-1": { documents: 2, createdAt, each: { createdAt, alsoIn: ["team-notes"] } } } });
    const { error } = await policyStack(emulator).up({ ...args, except: ["team-*"] });
    expect(error).toContain(
      '2 documents in pr-1 also carry "team-notes", which is protected because it matches "team-*" in except',
    );
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
    const [before, warned] = [stack.outputs["keyId"], matching(/^warning: the API key changed/)];
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
        `nightly was last purged at ${emulator.url}, but the API address is now ${moved.SUPERMEMORY_BASE_URL}`,
      );
    }
    expect(mutations(emulator)).toHaveLength(from);
    const { outputs } = stack;
    expect((await stack.up({ ...args, mode: "report" }, moved)).error).toContain("nightly was last purged at");
    expect(stack.outputs).toBe(outputs);
    const accepted = { ...moved, SUPERMEMORY_ACCEPT_BASE_URL: moved.SUPERMEMORY_BASE_URL };
    expect((await stack.up(args, accepted)).error).toBeUndefined();
    expect(stack.outputs).toMatchObject({ baseUrl: moved.SUPERMEMORY_BASE_URL, deletedCount: 2 });
  });
});
