import { deployed, startStack } from "../support/host-stack";
import { mutations } from "../support/host-emulator";

const args = { containerTags: ["pr-42"] };
const html = { kind: "notFound", as: "html" } as const;
const noCount = { memories: [], pagination: { totalItems: "5" } };

describe("an up whose API misbehaves", () => {
  test.each([
    ["a page of HTML", { kind: "notJson" }, "returned 200 with HTML"],
    ["text that is not JSON", { kind: "notJson", body: "ok" }, "returned 200"],
    ["JSON without the count", { kind: "wrongShape", body: noCount }, "pagination.totalItems"],
    ["404 as HTML", html, "returned 404"],
    ["404 as JSON that names nothing", { ...html, as: "json" }, "returned 404"],
  ] as const)("fails for %s, deletes nothing and keeps no resource", async (_case, then, message) => {
    const { emulator, stack } = await startStack({ "pr-42": 5 }, { faults: [{ times: Infinity, then }] });
    const { error } = await stack.up(args);
    expect(error).toContain(message);
    expect(error).toContain("nothing was deleted");
    expect([stack.stored, mutations(emulator)]).toEqual([undefined, []]);
  });

  test("fails when the connection is refused, with the state as it was, and the next up works", async () => {
    const { stack } = await deployed({ "pr-42": 5, b: 2 }, args);
    const [before, both, down] = [stack.stored, { containerTags: ["pr-42", "b"] }, "http://127.0.0.1:9"];
    const { error } = await stack.up(both, { SUPERMEMORY_BASE_URL: down, SUPERMEMORY_ACCEPT_BASE_URL: down });
    expect(error).toContain(`cannot reach ${down}: the connection was refused; nothing was deleted`);
    expect(stack.stored).toBe(before);
    expect((await stack.up(both)).error).toBeUndefined();
    expect(stack.outputs).toMatchObject({ deletedByTag: { b: 2 } });
  });

  test("says that the key may not delete, and keeps the tag as pending", async () => {
    const apiKeys = [{ key: "sm_reader", canDelete: false }];
    const { emulator, stack } = await startStack({ "pr-42": 5 }, { apiKeys });
    const { error } = await stack.up(args);
    expect(error).toContain("deleted 0 of 5 documents in pr-42, then the key may not delete documents (403)");
    expect(error).not.toContain("sm_reader");
    expect(stack.outputs).toMatchObject({ deletedCount: 0, pending: [{ containerTag: "pr-42", event: "create" }] });
    expect(emulator.containers()).toMatchObject({ "pr-42": 5 });
  });
});
