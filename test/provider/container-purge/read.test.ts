import { OneResourceStack } from "../support/host-stack";
import { containing } from "../support/host-matchers";
import { mutations, startEmulator } from "../support/host-emulator";

const managed = { containerTags: ["pr-42"], purgeOn: ["delete"] };

describe("read", () => {
  test("counts again, and changes nothing else", async () => {
    const emulator = await startEmulator({ "pr-42": 5 });
    const stack = new OneResourceStack(emulator);
    await stack.up({ ...managed, triggers: { a: 1 } });
    const before = stack.outputs;
    emulator.seed({ containers: { "pr-42": 4 } });
    const { changes, error, lines } = await stack.refresh();
    expect([changes, error, lines]).toEqual([false, undefined, []]);
    expect(stack.outputs).toEqual({ ...before, documentCount: 9 });
    expect(mutations(emulator)).toEqual([]);
  });

  test("keeps what is pending", async () => {
    const emulator = await startEmulator({ "pr-42": 5 });
    const stack = new OneResourceStack(emulator);
    await stack.up({ containerTags: ["pr-42"] }, { SUPERMEMORY_PURGE: "skip" });
    expect((await stack.refresh()).changes).toBe(true);
    expect(stack.outputs).toMatchObject({ pending: [{ containerTag: "pr-42", event: "create" }], documentCount: 5 });
  });

  test.each([
    [
      "the API is down",
      { SUPERMEMORY_BASE_URL: "http://127.0.0.1:9", SUPERMEMORY_ACCEPT_BASE_URL: "http://127.0.0.1:9" },
    ],
    ["there is no key", { SUPERMEMORY_API_KEY: undefined }],
    ["the key is wrong", { SUPERMEMORY_API_KEY: "sm_wrong" }],
    ["the configuration is wrong", { SUPERMEMORY_BASE_URL: "nonsense" }],
    ["a variable is wrong", { SUPERMEMORY_PURGE: "nonsense" }],
  ])("warns and returns what was known when %s", async (_case, env) => {
    const emulator = await startEmulator({ "pr-42": 5 });
    const stack = new OneResourceStack(emulator);
    await stack.up(managed);
    const before = stack.outputs;
    const { error, lines } = await stack.refresh(env);
    expect(error).toBeUndefined();
    expect(stack.outputs).toEqual(before);
    expect(lines.at(-1)).toContain("warning: cannot count the documents in pr-42: ");
    expect(lines.join()).not.toContain("nothing was deleted");
  });

  test.each([
    ["is not JSON", { kind: "notJson" }],
    ["has another shape", { kind: "wrongShape", body: { memories: [], pagination: {} } }],
  ] as const)("warns when the answer %s", async (_case, then) => {
    const emulator = await startEmulator({ "pr-42": 5 });
    const stack = new OneResourceStack(emulator);
    await stack.up(managed);
    emulator.addFault({ match: { method: "POST" }, then });
    const { error, lines } = await stack.refresh();
    expect([error, lines]).toEqual([undefined, [containing("warning: cannot count the documents in pr-42")]]);
    expect(stack.outputs).toMatchObject({ documentCount: 5 });
  });

  test("records the address that a create could not reach, once it has a list", async () => {
    const emulator = await startEmulator({ "pr-42": 5 });
    const stack = new OneResourceStack(emulator);
    await stack.up(managed, { SUPERMEMORY_API_KEY: undefined });
    expect(stack.outputs).toMatchObject({ baseUrl: null, keyId: null, apiVersion: null, documentCount: null });
    await stack.refresh();
    expect(stack.outputs).toMatchObject({
      baseUrl: emulator.url,
      keyId: "8a47748f",
      apiVersion: "v3",
      documentCount: 5,
    });
  });
});
