import { containing } from "../support/host-matchers";
import { sent } from "../support/host-emulator";
import { daysAgo, idle, policyOver, urnOfPolicy } from "../support/host-policy";

const args = { match: ["pr-*"], inactiveFor: "14 days" };
const v5 = { "supermemory:apiVersion": "v5" };

describe("an up of a policy", () => {
  test("purges its plan, looks at each container again before its delete, and records what it did", async () => {
    const containers = { "pr-1": idle(31, 20), "pr-2": idle(20, 3), "pr-3": idle(3, 7), "other-1": idle(40) };
    const { emulator, stack } = await policyOver(containers);
    const { error, failures, lines } = await stack.up(args);
    expect([error, failures]).toEqual([undefined, []]);
    expect(lines).toEqual(["deleted 23 documents in 0.0 s (pr-1: 20, pr-2: 3)"]);
    expect(emulator.containers()).toMatchObject({ "pr-1": 0, "pr-2": 0, "pr-3": 7, "other-1": 2 });
    expect(stack.outputs).toEqual({
      ...{ match: ["pr-*"], except: [], inactiveFor: "14 days", keepLatest: 0, scope: "documents" },
      ...{ maxContainers: 20, maxDeletions: 10_000, timeout: "10m", mode: "purge" },
      planned: [
        { containerTag: "pr-1", documents: 20, reason: "matches pr-*, last active 31 days ago" },
        { containerTag: "pr-2", documents: 3, reason: "matches pr-*, last active 20 days ago" },
      ],
      purged: [
        { containerTag: "pr-1", deletedCount: 20 },
        { containerTag: "pr-2", deletedCount: 3 },
      ],
      ...{ deletedCount: 23, lastRunAt: "2026-01-31T12:00:00.000Z" },
      ...{ apiVersion: "v3", baseUrl: emulator.url, keyId: "8a47748f", __provider: "text", __urn: urnOfPolicy },
    });
    expect(sent(emulator)).toHaveLength(1 + 1 + 2 + 2 + 2 + 2 + 1);
  });

  test("is unchanged when there is nothing to do, and purges again what has come to match since", async () => {
    const { emulator, stack } = await policyOver({ "pr-1": idle(31) });
    await stack.up(args);
    const { outputs } = stack;
    const requests = emulator.requests.length;
    const again = await stack.up(args);
    expect([again.changes, again.lines, stack.outputs]).toEqual([false, [], outputs]);
    expect(sent(emulator, requests)).toEqual(["GET "]);
    expect((await stack.refresh()).changes).toBe(false);
    expect(stack.outputs).toEqual(outputs);
    emulator.seed({ containers: { "pr-2": idle(20, 4) } });
    const { changes, lines } = await stack.up(args);
    expect([changes, lines]).toEqual([true, ["deleted 4 documents in pr-2 in 0.0 s"]]);
    expect(stack.outputs).toMatchObject({ deletedCount: 4, purged: [{ containerTag: "pr-2", deletedCount: 4 }] });
  });

  test("records changed arguments alone when nothing matches, and leaves what the last run did", async () => {
    const { stack } = await policyOver({ "pr-1": idle(31, 5) });
    await stack.up(args);
    const { changes } = await stack.up({ ...args, keepLatest: 2 });
    expect(changes).toBe(true);
    expect(stack.outputs).toMatchObject({ keepLatest: 2, planned: [], deletedCount: 5, lastRunAt: containing("2026") });
    expect((await stack.up({ ...args, keepLatest: 2, match: ["pr-*", "pr-*"] })).changes).toBe(false);
  });

  test("keeps the newest containers with documents, in later runs too", async () => {
    const containers = { "pr-1": idle(31), "pr-2": idle(30), "pr-3": idle(29), "pr-4": idle(28) };
    const { emulator, stack } = await policyOver(containers);
    const kept = { match: ["pr-*"], keepLatest: 2 };
    await stack.up(kept);
    expect(emulator.containers()).toMatchObject({ "pr-1": 0, "pr-2": 0, "pr-3": 2, "pr-4": 2 });
    expect((await stack.up(kept)).changes).toBe(false);
    expect((await stack.preview(kept)).lines).toEqual([
      "nothing to delete\nkept: pr-1 and pr-2 (empty), pr-3 and pr-4 (one of the 2 newest)",
    ]);
  });

  test("deletes whole containers with scope container, empty ones too", async () => {
    const containers = { "pr-1": { ...idle(31), memories: 4 }, "pr-2": { createdAt: daysAgo(20) } };
    const { emulator, stack } = await policyOver(containers);
    const { lines } = await stack.up({ ...args, scope: "container" });
    expect(lines).toEqual(["deleted 2 containers with 2 documents and 4 memories in 0.0 s (pr-1: 2, pr-2: 0)"]);
    expect(emulator.containers()).toEqual({ bystander: 3 });
    expect((await stack.up({ ...args, scope: "container" })).changes).toBe(false);
  });

  test("counts and deletes only what select names", async () => {
    const log = { content: "x", metadata: { kind: "log" } };
    const documents = [log, log, { content: "y" }];
    const { emulator, stack } = await policyOver({ "pr-1": { ...idle(31), documents }, "pr-2": idle(31) });
    const selecting = { ...args, select: { metadata: { kind: "log" } } };
    expect((await stack.preview(selecting)).lines[0]).toContain(
      "will delete 2 documents in 1 container (limits: 10,000 documents, 20 containers)\n  pr-1: 2 documents",
    );
    await stack.up(selecting);
    expect(emulator.containers()).toMatchObject({ "pr-1": 1, "pr-2": 2 });
    expect((await stack.up(selecting)).changes).toBe(false);
  });

  test("with select keeps documents that an excepted container holds too, and does not plan them again", async () => {
    const createdAt = daysAgo(31);
    const [own, shared] = [
      { content: "x", createdAt },
      { content: "y", createdAt, alsoIn: ["pr-keep"] },
    ];
    const { emulator, stack } = await policyOver({ "pr-1": { ...idle(31), documents: [own, shared] } });
    const excepting = { ...args, except: ["pr-keep"], select: { olderThan: "30 days" } };
    await stack.up(excepting);
    expect(emulator.containers()).toEqual({ bystander: 3, "pr-1": 1, "pr-keep": 1 });
    expect((await stack.up(excepting)).changes).toBe(false);
  });

  test("works on v5, where an empty container is kept", async () => {
    const { emulator, stack } = await policyOver(
      { "pr-1": idle(31), "pr-2": idle(3), "pr-3": { createdAt: daysAgo(90) }, "pr-prod": idle(31) },
      { config: v5 },
    );
    const whole = { ...args, scope: "container" };
    const { lines } = await stack.preview(whole);
    expect(lines[0]).toContain("kept: pr-3 (unknown activity), pr-prod (protected), pr-2 (active 3 days ago)");
    expect([...sent(emulator)].sort()).toEqual(["GET ", "POST pr-1", "POST pr-2"]);
    await stack.up(whole);
    expect(emulator.containers()).toEqual({ bystander: 3, "pr-2": 2, "pr-3": 0, "pr-prod": 2 });
    expect((await stack.up(whole)).changes).toBe(false);
    expect(stack.outputs).toMatchObject({ apiVersion: "v5", purged: [{ containerTag: "pr-1", deletedCount: 2 }] });
  });

  const looks = ["GET ", "POST pr-1", "POST pr-1", "POST pr-2", "POST pr-2"];
  const more = ["POST pr-3", "POST pr-3", "POST pr-4", "POST pr-4"];
  test.each([
    ["documents", looks, { "pr-1": 0, "pr-2": 2, "pr-3": 0, "pr-4": 0 }],
    ["container", [...looks, ...more], { "pr-2": 2, "pr-4": 0 }],
  ])("sees memories on v5, with scope %s", async (scope, requests, left) => {
    const memory = (days: number) => ({ memory: "written directly", createdAt: daysAgo(days) });
    const containers = {
      "pr-1": { ...idle(31), memories: [memory(30)] },
      "pr-2": { ...idle(31), memories: [memory(31), memory(1)] },
      "pr-3": { createdAt: daysAgo(90), memories: [memory(40)] },
      "pr-4": { createdAt: daysAgo(90), memories: [memory(2)] },
    };
    const { emulator, stack } = await policyOver(containers, { config: v5 });
    const { lines } = await stack.preview({ ...args, scope });
    expect(lines[0]).toContain("pr-1: 2 documents, matches pr-*, last active 30 days ago");
    expect(lines[0]).toMatch(/kept: .*pr-2 \(active 24 hours ago\)/);
    expect([...sent(emulator)].sort()).toEqual(requests);
    await stack.up({ ...args, scope });
    expect(emulator.containers()).toEqual({ bystander: 3, ...left });
    expect(emulator.memories()).toMatchObject({ "pr-2": 2, "pr-4": 1 });
  });
});
