import { join } from "node:path";
import { containing } from "../support/host-matchers";
import { mutations } from "../support/host-emulator";
import { daysAgo, idle, policyOver, urnOfPolicy } from "../support/host-policy";
import { emptyFolder } from "../support/host-process";
import { receiptsIn } from "../support/host-receipts";

const args = { match: ["pr-*"], inactiveFor: "14 days" };
const common = { events: ["policy"], urn: urnOfPolicy };
const nothing = { deletedCount: 0, deletedByTag: {} };
const env = { SUPERMEMORY_RECEIPTS: "" };
const receipts = () => receiptsIn(env.SUPERMEMORY_RECEIPTS);

beforeEach(() => {
  env.SUPERMEMORY_RECEIPTS = join(emptyFolder(), "receipts.jsonl");
});

describe("a policy leaves one line in the receipts", () => {
  test("for each run, with what was kept", async () => {
    const { emulator, stack } = await policyOver({ "pr-1": idle(31, 4), "pr-2": idle(31, 3) }, { env });
    await stack.preview(args);
    await stack.up(args, { SUPERMEMORY_PURGE: "skip" });
    const before = emulator.requests.length;
    await stack.up(args);
    const requests = emulator.requests.length - before;
    await stack.up(args);
    await stack.up({ ...args, mode: "report" });
    emulator.seed({ containers: { "pr-1": idle(31) } });
    const inputs = await stack.checked(args);
    emulator.seed({ containers: { "pr-1": { lastActivityAt: daysAgo(1) } } });
    await stack.updated(inputs);
    const containerTags = ["pr-1", "pr-2"];
    // The list of the check, and the looks at the memories of both containers after the purge, are no part of it.
    expect(receipts()).toMatchObject([
      { ...common, containerTags, result: "skipped", deletedCount: 0 },
      {
        ...{ ...common, containerTags, result: "complete", planned: 7, pending: [], requests: requests - 3 },
        deletedByTag: { "pr-1": 4, "pr-2": 3 },
      },
      {
        ...{ ...common, containerTags: [], result: "complete", planned: 0, requests: 1 },
        kept: [{ containerTag: "pr-1", reason: "active 24 hours ago", documents: null }],
      },
    ]);
  });

  test("when the plan is too large for its limits, in an up", async () => {
    const { emulator, stack } = await policyOver({ "pr-1": idle(31), "pr-2": idle(31) }, { env });
    await stack.preview({ ...args, maxContainers: 1 });
    await stack.up({ ...args, maxContainers: 1, mode: "report" });
    await stack.up({ ...args, maxContainers: 1 });
    const inputs = await stack.checked(args);
    await expect(stack.updated({ ...inputs, maxDeletions: 3 })).rejects.toThrow("more than maxDeletions (3)");
    const refused = { ...common, ...nothing, result: "refused", planned: 4, containerTags: ["pr-1", "pr-2"] };
    expect(receipts()).toMatchObject([
      { ...refused, error: containing("this would purge 2 containers"), requests: 1 },
      { ...refused, error: containing("this would delete 4 documents") },
    ]);
    expect(mutations(emulator)).toEqual([]);
  });

  test("when the address is another one", async () => {
    const { emulator, stack } = await policyOver({ "pr-1": idle(31) }, { env });
    await stack.up(args);
    emulator.seed({ containers: { "pr-2": idle(31) } });
    const inputs = await stack.checked(args);
    const moved = { SUPERMEMORY_BASE_URL: emulator.url.replace("127.0.0.1", "localhost") };
    await expect(stack.updated(inputs, moved)).rejects.toThrow("was last purged at");
    expect(receipts()).toMatchObject([
      { result: "complete" },
      { ...common, ...nothing, result: "refused", containerTags: ["pr-2"], error: containing("was last purged at") },
    ]);
  });

  test("when the containers cannot be listed, for the plan or once more before the purge", async () => {
    const { emulator, stack } = await policyOver({ "pr-1": idle(31) }, { env });
    const match = { route: "containerTags.list" } as const;
    const down = { match, times: Infinity, then: { kind: "serverError", status: 403 } } as const;
    const fault = emulator.addFault(down);
    await stack.up(args);
    fault.remove();
    emulator.addFault({ ...down, nth: 2 });
    await stack.up(args);
    // The list, another route of v3, which responds, and the list again.
    const failed = { ...common, ...nothing, result: "failed", requests: 3, error: containing("cannot decide which") };
    expect(receipts()).toMatchObject([
      { ...failed, containerTags: [] },
      { ...failed, containerTags: ["pr-1"] },
    ]);
    expect(mutations(emulator)).toEqual([]);
  });
});
