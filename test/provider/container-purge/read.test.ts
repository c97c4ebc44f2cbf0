import type { FaultRule } from "../../../emulator/index";
import { deployed, startStack } from "../support/host-stack";
import { mutations } from "../support/host-emulator";

const managed = { containerTags: ["pr-42"], purgeOn: ["delete"] };
const down = "http://127.0.0.1:9";

describe("read", () => {
  test("counts again, and changes nothing else", async () => {
    const { before, emulator, stack } = await deployed({ "pr-42": 5 }, { ...managed, triggers: { a: 1 } });
    emulator.seed({ containers: { "pr-42": 4 } });
    const { changes, error, lines } = await stack.refresh();
    expect([changes, error, lines]).toEqual([false, undefined, []]);
    expect(stack.outputs).toEqual({ ...before, documentCount: 9 });
    expect(mutations(emulator)).toEqual([]);
  });

  test("keeps what is pending", async () => {
    const { stack } = await startStack({ "pr-42": 5 });
    await stack.up({ containerTags: ["pr-42"] }, { SUPERMEMORY_PURGE: "skip" });
    expect((await stack.refresh()).changes).toBe(true);
    expect(stack.outputs).toMatchObject({ pending: [{ containerTag: "pr-42", event: "create" }], documentCount: 5 });
  });

  test.each<[string, object, readonly FaultRule["then"][]]>([
    ["the API is down", { SUPERMEMORY_BASE_URL: down, SUPERMEMORY_ACCEPT_BASE_URL: down }, []],
    ["there is no key", { SUPERMEMORY_API_KEY: undefined }, []],
    ["the key is wrong", { SUPERMEMORY_API_KEY: "sm_wrong" }, []],
    ["the configuration is wrong", { SUPERMEMORY_BASE_URL: "nonsense" }, []],
    ["a variable is wrong", { SUPERMEMORY_PURGE: "nonsense" }, []],
    ["the answer is not JSON", {}, [{ kind: "notJson" }]],
    ["the answer has another shape", {}, [{ kind: "wrongShape", body: { memories: [], pagination: {} } }]],
  ])("warns and returns what was known when %s", async (_case, env, faults) => {
    const { before, emulator, stack } = await deployed({ "pr-42": 5 }, managed);
    for (const then of faults) emulator.addFault({ match: { method: "POST" }, times: Infinity, then });
    const { error, lines } = await stack.refresh({ ...env });
    expect([error, stack.outputs]).toEqual([undefined, before]);
    expect(lines.at(-1)).toContain("warning: cannot count the documents in pr-42: ");
    expect(lines.join()).not.toContain("nothing was deleted");
  });

  test("records the address that a create could not reach, once it has a list", async () => {
    const { emulator, stack } = await startStack({ "pr-42": 5 });
    await stack.up(managed, { SUPERMEMORY_API_KEY: undefined });
    expect(stack.outputs).toMatchObject({ baseUrl: null, keyId: null, apiVersion: null, documentCount: null });
    await stack.refresh();
    const seen = { baseUrl: emulator.url, keyId: "8a47748f", apiVersion: "v3", documentCount: 5 };
    expect(stack.outputs).toMatchObject(seen);
  });
});
