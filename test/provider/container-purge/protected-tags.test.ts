import { containing } from "../support/host-matchers";
import { deployed, OneResourceStack } from "../support/host-stack";
import { mutations } from "../support/host-emulator";

const removed = { containerTags: ["pr-42"], purgeOn: ["delete"] };
const both = { ...removed, containerTags: ["pr-42", "eu-prod"], allowProtectedTags: ["eu-prod"] };
const documents = { "pr-42": 5, "eu-prod": 2 };
const withCache = { ...removed, containerTags: ["pr-42", "cache"] };
const deleteFails = { match: { method: "DELETE" }, then: { kind: "serverError", status: 403 } } as const;
const skip = { SUPERMEMORY_PURGE: "skip" };

describe("a protected tag", () => {
  test("that was allowed is purged when it leaves the program together with its permission", async () => {
    const { emulator, stack } = await deployed(documents, both);
    expect((await stack.up(removed)).error).toBeUndefined();
    expect(emulator.containers()).toMatchObject({ "eu-prod": 0, "pr-42": 5 });
    expect(stack.outputs).toMatchObject({ allowProtectedTags: [], pending: [] });
  });

  test("whose removal failed keeps its permission until an up has purged it", async () => {
    const { emulator, stack } = await deployed(documents, both);
    emulator.addFault(deleteFails);
    await stack.up(removed);
    const pending = [{ containerTag: "eu-prod", event: "delete" }];
    expect(stack.outputs).toMatchObject({ allowProtectedTags: ["eu-prod"], pending });
    expect((await stack.up(removed)).error).toBeUndefined();
    expect(emulator.containers()).toMatchObject({ "eu-prod": 0, "pr-42": 5 });
    expect(stack.outputs).toMatchObject({ allowProtectedTags: [], pending: [] });
    expect((await stack.up(removed)).changes).toBe(false);
  });

  test("whose removal was skipped is refused when it comes back without its permission, and purged by the destroy", async () => {
    const { emulator, stack } = await deployed(documents, both);
    await stack.up(removed, skip);
    const { failures } = await stack.up({ ...both, allowProtectedTags: [] });
    expect(failures).toEqual([
      { property: "containerTags", reason: containing('add "eu-prod" to allowProtectedTags') },
    ]);
    expect(mutations(emulator)).toEqual([]);
    expect((await stack.destroy()).error).toBeUndefined();
    expect(emulator.containers()).toMatchObject({ "eu-prod": 0, "pr-42": 0 });
  });

  test("that has become one is refused when it leaves the program, in the preview too, unless it is allowed now", async () => {
    const { emulator, stack } = await deployed({ "pr-42": 5, cache: 2 }, withCache);
    const env = { SUPERMEMORY_PROTECTED_TAGS: "cache" };
    const refusal = '"cache" is protected because SUPERMEMORY_PROTECTED_TAGS contains it';
    expect((await stack.preview(removed, env)).error).toContain(refusal);
    expect((await stack.up(removed, env)).error).toContain(refusal);
    const destroyed = await stack.destroy(env);
    expect(destroyed.error).toContain(`${refusal}; nothing was deleted`);
    expect(destroyed.error).toContain("\nfor this command only, remove it from SUPERMEMORY_PROTECTED_TAGS\n");
    expect(mutations(emulator)).toEqual([]);
    const allowed = { ...removed, allowProtectedTags: ["cache"] };
    expect((await stack.preview(allowed, env)).error).toBeUndefined();
    expect((await stack.up(allowed, env)).error).toBeUndefined();
    expect(emulator.containers()).toMatchObject({ cache: 0, "pr-42": 5 });
  });
});

test.each([
  [{ "supermemory:protectedTags": "cache" }, "supermemory:protectedTags contains it"],
  [
    { "supermemory:protectedTags": "cache", "supermemory:instance": "org" },
    "protectedTags of the provider org contains it",
  ],
])("the destroy names where a tag is protected: %j", async (config, source) => {
  const { emulator, stack: before } = await deployed({ "pr-42": 5, cache: 2 }, withCache);
  const stack = new OneResourceStack(emulator, {
    config: { ...config, "supermemory:apiKey": emulator.apiKey },
    env: { SUPERMEMORY_PROTECTED_TAGS: "cache" },
  });
  stack.stored = before.stored;
  const { error } = await stack.destroy();
  expect(error).toContain(`"cache" is protected because ${source}; nothing was deleted`);
  expect(error).not.toContain("for this command only");
});

test("a tag that allowedTags no longer lets pass is refused when it leaves the program, and at the destroy", async () => {
  const { emulator, stack: before } = await deployed({ "pr-42": 5, cache: 2 }, withCache);
  const stack = new OneResourceStack(emulator, { config: { "supermemory:allowedTags": "pr-*" } });
  stack.stored = before.stored;
  const refusal = '"cache" does not match allowedTags (pr-*)';
  expect((await stack.preview(removed)).error).toContain(refusal);
  expect((await stack.up(removed)).error).toContain(refusal);
  expect((await stack.destroy()).error).toContain(refusal);
  expect(mutations(emulator)).toEqual([]);
});
