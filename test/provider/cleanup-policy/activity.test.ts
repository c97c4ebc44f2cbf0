import type { Behaviour, ContainerSeed } from "../../../emulator/index";
import { sent, startEmulator } from "../support/host-emulator";
import { daysAgo, idle, policyStack } from "../support/host-policy";

const args = { match: ["pr-*"], inactiveFor: "14 days" };
const v5 = { "supermemory:apiVersion": "v5" };

/** Old documents. The oldest was updated when `updatedAt` says. */
function old(updatedAt: string, documents: number, more: ContainerSeed = {}): ContainerSeed {
  const createdAt = daysAgo(330);
  const others = Array.from({ length: documents - 1 }, () => ({ createdAt: daysAgo(329) }));
  return { createdAt, lastActivityAt: createdAt, documents: [{ createdAt, updatedAt }, ...others], ...more };
}

async function policy(containers: Readonly<Record<string, ContainerSeed>>, behaviour: Partial<Behaviour>, config = {}) {
  const emulator = await startEmulator(containers, behaviour);
  return { emulator, stack: policyStack(emulator, { config }) };
}

describe.each(["null", "epoch", "yearOne", "beforeCreation"] as const)(
  "a last activity that cannot be right (%s)",
  (lastActivity) => {
    test.each<[string, ContainerSeed, string | undefined]>([
      ["a document was updated a minute ago", old(daysAgo(1 / 1440), 40, { memories: 500 }), "active 1 minute ago"],
      [
        "a memory was written yesterday",
        old(daysAgo(300), 3, { memories: [{ createdAt: daysAgo(1) }] }),
        "active 24 hours ago",
      ],
      ["nothing was updated for 20 days", old(daysAgo(20), 3), undefined],
    ])("is replaced by the newest update: %s", async (_case, container, kept) => {
      const { emulator, stack } = await policy({ "pr-1": container }, { lastActivity });
      const [before] = Object.values(emulator.containers());
      const { lines } = await stack.preview(args);
      expect(lines[0]).toContain(kept === undefined ? "last active 20 days ago" : `kept: pr-1 (${kept})`);
      await stack.up(args);
      expect(emulator.containers()["pr-1"]).toBe(kept === undefined ? 0 : before);
    });

    test("keeps a container whose memories cannot be listed", async () => {
      const faults = [
        {
          match: { route: "memories.list" as const },
          times: Infinity,
          then: { kind: "notFound" as const, as: "html" as const },
        },
      ];
      const emulator = await startEmulator({ "pr-1": old(daysAgo(300), 3, { memories: 1 }) }, { lastActivity, faults });
      const stack = policyStack(emulator);
      expect((await stack.preview(args)).lines).toEqual(["nothing to delete\nkept: pr-1 (unknown activity)"]);
    });
  },
);

describe("an API that ignores the order by update", () => {
  test.each<[string, ContainerSeed, number]>([
    ["on one page", old(daysAgo(0), 60), 60],
    ["on another page", old(daysAgo(0), 250), 250],
    [
      "which is a memory on another page",
      { ...idle(330), memories: Array.from({ length: 250 }, (_, at) => ({ createdAt: daysAgo(at === 7 ? 1 : 330) })) },
      2,
    ],
  ])("hides no fresh update %s", async (_case, container, documents) => {
    const { emulator, stack } = await policy({ "pr-1": container }, { updatedOrder: "ignored" }, v5);
    await stack.up(args);
    expect(emulator.containers()["pr-1"]).toBe(documents);
    expect((await stack.preview(args)).lines[0]).toContain("kept: pr-1 (active");
  });

  test("does not stop the purge of a container that is not in use", async () => {
    const { emulator, stack } = await policy({ "pr-1": old(daysAgo(20), 250) }, { updatedOrder: "ignored" }, v5);
    await stack.up(args);
    expect(emulator.containers()["pr-1"]).toBe(0);
  });
});

test("a list that proves its order is not listed whole", async () => {
  const { emulator, stack } = await policy({ "pr-1": old(daysAgo(20), 250) }, {}, v5);
  await stack.preview(args);
  expect(sent(emulator)).toEqual(["GET ", "POST pr-1"]);
});

describe.each(["staleFirst", "staleLast"] as const)("a container that is listed twice (%s)", (duplicateContainers) => {
  test.each([
    ["v3", {}],
    ["v5", v5],
  ])("is judged by its newest activity on %s", async (_version, config) => {
    const used = { ...old(daysAgo(3), 3), lastActivityAt: daysAgo(3) };
    const { emulator, stack } = await policy(
      { "pr-1": used, "pr-2": old(daysAgo(20), 3) },
      { duplicateContainers },
      config,
    );
    const { lines } = await stack.preview(args);
    expect(lines[0]).toContain("pr-2: 3 documents");
    expect(lines[0]).toContain("kept: pr-1 (active 3 days ago)");
    await stack.up(args);
    expect(emulator.containers()).toEqual({ bystander: 3, "pr-1": 3, "pr-2": 0 });
  });
});
