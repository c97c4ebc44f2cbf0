import { cleanupPolicyMethods } from "../support/host-calls";
import { type Hostile, startAnswering } from "../support/hostile";
import { OneResourceStack } from "../support/host-stack";
import { urnOfPolicy } from "../support/host-policy";
import { errorOf } from "../support/world";

const old = {
  documentCount: 2,
  memoryCount: 0,
  createdAt: "2025-01-01T00:00:00Z",
  lastActivityAt: "2025-01-01T00:00:00Z",
};

describe("a list of namespaces without an end", () => {
  test("is refused at its second page if it repeats itself", async () => {
    const namespaces = [{ namespace: "pr-1", ...old }];
    const body = { namespaces, pagination: { totalItems: 5 } };
    const hostile = await startAnswering(200, body, {}, { apiVersion: "v5" });
    expect((await errorOf(hostile.api.listContainers(hostile.context))).message).toBe(
      "the list of namespaces does not end: page 2 repeats the pages before it of 5 (pagination.totalItems)",
    );
    expect(hostile.requests).toHaveLength(2);
  });

  test("is refused at its first page if its total is too high", async () => {
    const body = { namespaces: [{ namespace: "pr-1", ...old }], pagination: { totalItems: 10 ** 15 } };
    const hostile = await startAnswering(200, body, {}, { apiVersion: "v5" });
    expect((await errorOf(hostile.api.listContainers(hostile.context))).message).toBe(
      "the list of namespaces does not end: page 1 contains 1 of 1000000000000000 (pagination.totalItems)",
    );
    expect(hostile.requests).toHaveLength(1);
  });
});

describe("containers with names that are not valid tags", () => {
  const odd = [
    "pr-/../../v3/container-tags",
    "pr-%2e%2e",
    "pr-*",
    "pr- 1",
    "pr-?moveTo=production",
    `pr-${"x".repeat(100)}`,
    "pr-\u001b[2J\u001b[1;31merror: all was deleted",
    "pr-1\n::add-mask::production\n##[error]all was deleted",
    "pr-\u202edetgnimrif",
    "pr-<{%fg 1%}>red",
  ];

  test("are left out by a policy, and get no request", async () => {
    const hostile = await accountOf([...odd, "__proto__", "pr-1"]);
    const { error, lines } = await stackAt(hostile).preview({ match: ["pr-*", "__p*"], inactiveFor: "14 days" });
    expect(error).toBeUndefined();
    expect(lines).toHaveLength(1);
    expect(lines[0]).toContain("will delete 4 documents in 2 containers");
    expect(lines[0]).toContain(" and 5 more (not a valid container tag)");
    expect(new Set(hostile.requests)).toEqual(new Set(["GET /v3/container-tags/list"]));
  });

  test("are shown on one line without harmful characters", async () => {
    for (const tag of odd) {
      const { lines } = await stackAt(await accountOf([tag])).preview({ match: ["pr-*"] });
      expect(lines).toEqual([
        expect.stringMatching(/^nothing to delete\nkept: pr-[^\n]*\(not a valid container tag\)$/),
      ]);
      expect(lines[0]?.replace("\n", "")).not.toMatch(/\p{C}|##\w*\[|<\{%/u);
    }
  });
});

/** An API of v3 whose account holds these containers. */
async function accountOf(tags: readonly string[]): Promise<Hostile> {
  return await startAnswering(
    200,
    tags.map((containerTag) => ({ containerTag, ...old })),
  );
}

function stackAt({ url }: Hostile): OneResourceStack {
  return new OneResourceStack({ url, apiKey: "key" }, { methods: cleanupPolicyMethods }, urnOfPolicy);
}
