import { mutations, sent } from "../support/host-emulator";
import { containing } from "../support/host-matchers";
import { daysAgo, idle, policyOver } from "../support/host-policy";

const args = { match: ["pr-*"], inactiveFor: "14 days" };
const unknown = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";

describe("the preview of a policy", () => {
  test("shows the plan by name, with numbers and reasons, and what was left out", async () => {
    const { emulator, stack } = await policyOver({
      ...{ "pr-1": idle(31, 20), "pr-2": { ...idle(20, 3), lastActivityAt: null }, "pr-3": idle(3) },
      ...{
        "pr-4": { documents: 0, createdAt: daysAgo(90) },
        "pr-prod": idle(40),
        "pr-keep": idle(50),
        other: idle(60),
      },
    });
    expect((await stack.preview({ ...args, except: ["*-keep"] })).lines).toEqual([
      [
        "will delete 23 documents in 2 containers (limits: 10,000 documents, 20 containers)",
        "  pr-1: 20 documents, matches pr-*, last active 31 days ago",
        "  pr-2: 3 documents, matches pr-*, last active 20 days ago",
        "kept: pr-4 (empty), pr-keep (listed in except), pr-prod (protected), pr-3 (active 3 days ago)",
      ].join("\n"),
    ]);
    expect(sent(emulator)).toEqual(["GET ", "POST pr-2"]);
  });

  test("leaves out what the configuration protects or does not allow, and the up passes", async () => {
    const config = { "supermemory:protectedTags": "pr-2", "supermemory:allowedTags": "pr-1,pr-2" };
    const { emulator, stack } = await policyOver({ "pr-1": idle(31), "pr-2": idle(32), "pr-3": idle(33) }, { config });
    expect((await stack.preview(args)).lines[0]).toContain("\nkept: pr-3 (not in allowedTags), pr-2 (protected)");
    expect((await stack.up(args)).error).toBeUndefined();
    expect(emulator.containers()).toMatchObject({ "pr-1": 0, "pr-2": 2, "pr-3": 2 });
  });

  test.each([{}, { select: { olderThan: "1 day" } }])("with %j leaves out what is being merged", async (more) => {
    const { stack } = await policyOver({ "pr-1": { ...idle(31), mergeStatus: "source" }, "pr-2": idle(31) });
    expect((await stack.preview({ ...args, ...more })).lines[0]).toContain("\nkept: pr-1 (being merged)");
  });

  test("reports that there is nothing to delete", async () => {
    const { stack } = await policyOver({});
    expect((await stack.preview(args)).lines).toEqual(["nothing to delete"]);
  });

  test("cuts long lists after twenty names", async () => {
    const planned = many(23, (index) => [`pr-${index}`, idle(60 - index, 1)]);
    const { stack } = await policyOver({ ...planned, ...many(9, (index) => [`pr-a${index}`, idle(1, 1)]) });
    const lines = (await stack.preview({ ...args, maxContainers: 50 })).lines.join("\n").split("\n");
    expect(lines).toHaveLength(1 + 20 + 1 + 1);
    expect(lines.slice(-3)).toEqual([
      "  pr-19: 1 document, matches pr-*, last active 41 days ago",
      "  and 3 more",
      "kept: pr-a0, pr-a1, pr-a2, pr-a3, pr-a4 and 4 more (active 24 hours ago)",
    ]);
  });

  test("puts only the tags of the plan into the inputs, which stay the same until it names others, and leaves it open while an argument is not known yet", async () => {
    const { emulator, stack } = await policyOver({ "pr-2": idle(30, 4), "pr-1": idle(20, 20) });
    const before = await stack.checked(args);
    expect(before["plannedTags"]).toEqual(["pr-1", "pr-2"]);
    emulator.seed({ containers: { "pr-1": idle(41, 3) } });
    expect(await stack.checked(args)).toEqual(before);
    const requests = emulator.requests.length;
    expect((await stack.checked({ ...args, except: [unknown] }))["plannedTags"]).toBe(unknown);
    expect(emulator.requests.length).toBe(requests);
  });

  test.each([
    ["there is no key", { SUPERMEMORY_API_KEY: undefined }, "no API key is set"],
    ["the API is down", { SUPERMEMORY_BASE_URL: "http://127.0.0.1:9" }, "cannot reach http://127.0.0.1:9"],
    ["the key is wrong", { SUPERMEMORY_API_KEY: "sm_wrong" }, "the API rejected the key (401)"],
  ])("warns when the containers cannot be listed because %s, and an up fails", async (_case, env, reason) => {
    const { emulator, stack } = await policyOver({ "pr-1": idle(31) });
    const { error, failures, lines } = await stack.preview(args, env);
    expect([error, failures]).toEqual([undefined, []]);
    expect(lines).toEqual([containing(`warning: cannot decide which containers to purge: ${reason}`)]);
    expect(lines.join()).not.toContain("nothing was deleted");
    expect((await stack.checked(args, env))["plannedTags"]).toBe(unknown);
    const up = await stack.up(args, env);
    expect(up.error).toContain(`cannot decide which containers to purge: ${reason}`);
    expect(up.error).toContain("nothing was deleted");
    expect([stack.stored, mutations(emulator)]).toEqual([undefined, []]);
  });

  test("names the key that it needs when a scoped one may not list containers", async () => {
    const apiKeys = [{ key: "sm_scoped", containerTags: ["pr-1"] }];
    const { stack } = await policyOver({ "pr-1": idle(31) }, { apiKeys, config: { "supermemory:apiVersion": "v5" } });
    expect((await stack.preview(args)).lines).toEqual([containing("the key may not list containers (403)")]);
  });
});

test("a policy plans 500 containers on v3 with at most ten requests", async () => {
  const { emulator, stack } = await policyOver(many(500, (index) => [`pr-${index}`, idle(1 + (index % 40), 1)]));
  const { failures, lines } = await stack.preview({ ...args, maxContainers: 500 });
  expect(failures).toEqual([]);
  expect(lines[0]).toContain("will delete 331 documents in 331 containers");
  expect(emulator.requests.length).toBeLessThanOrEqual(10);
});

test.each([
  ["maxContainers", 2, "this would purge 3 containers (pr-1, pr-2 and pr-3), more than maxContainers (2)"],
  ["maxDeletions", 5, "this would delete 6 documents in pr-1, pr-2 and pr-3, more than maxDeletions (5)"],
])("a policy beyond %s is refused as a whole, in the preview and in the up", async (property, limit, reason) => {
  const { emulator, stack } = await policyOver({ "pr-1": idle(31), "pr-2": idle(30), "pr-3": idle(29) });
  const limited = { ...args, [property]: limit };
  for (const { failures } of [await stack.preview(limited), await stack.up(limited)]) {
    expect(failures).toEqual([{ property, reason: containing(reason) }]);
  }
  expect(mutations(emulator)).toEqual([]);
});

function many<T>(count: number, one: (index: number) => readonly [string, T]): Readonly<Record<string, T>> {
  return Object.fromEntries(Array.from({ length: count }, (_, index) => one(index)));
}
