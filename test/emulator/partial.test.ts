import type { Emulator, Fault } from "../../emulator/index";
import { expectHit, idsOf, inContainers, send, start } from "./support/running";

const documents = ["a", "b", "c", "d", "e"].map((customId) => ({ customId, metadata: { locked: customId === "d" } }));
const seed = { containers: { bystander: 2, "pr-42": { documents, memories: 2 } } };
const reason = "Internal error";

const byIds = [
  ["v3", "/v3/documents/bulk", "deletedCount"],
  ["v5", "/ns/pr-42/document", "count"],
] as const;

describe("a partial deletion", () => {
  test.each(byIds)("by ids on %s keeps the same documents each time it hits", async (_api, path, count) => {
    const { emulator } = await startWith({ leaves: { ids: ["b", "d"] }, reason }, 2);
    const [a, b, c, d, e] = idsOf(emulator);
    const refused = (...ids: readonly (string | undefined)[]) => ids.map((id) => ({ id, error: reason }));
    expect(await deleted(emulator, path, [a, b, c])).toMatchObject({ [count]: 2, errors: refused(b) });
    expect(await deleted(emulator, path, [d, b, e])).toMatchObject({ [count]: 1, errors: refused(d, b) });
    expectRemaining(emulator, ["b", "d"]);
    expect(await deleted(emulator, path, [b, d])).toMatchObject({ [count]: 2, errors: [] });
  });

  test.each([
    [{ first: 2 }, ["a", "b"]],
    [{ everyNth: 3 }, ["a", "d"]],
    [{ ids: ["c", "nowhere"] }, ["c"]],
    [{ metadata: { locked: true } }, ["d"]],
  ] as const)("keeps the documents chosen by %j, in any order of requests", async (leaves, kept) => {
    const { emulator } = await startWith({ leaves }, Infinity);
    const ids = idsOf(emulator);
    for (const id of ids) await deleted(emulator, "/v3/documents/bulk", [id]);
    await deleted(emulator, "/ns/pr-42/document", [...ids].reverse());
    expectRemaining(emulator, kept);
  });

  test("by tag does not mention the documents that it keeps", async () => {
    const { emulator, client } = await startWith({ leaves: { first: 2 }, reason });
    const response = await client.documents.deleteBulk({ ...inContainers("pr-42") });
    expect(response).toEqual({ success: true, deletedCount: 3, containerTags: ["pr-42"] });
    expectRemaining(emulator, ["a", "b"]);
  });

  test.each(byIds)("on %s reports the configured success and count", async (_api, path, count) => {
    const { emulator } = await startWith({ leaves: { first: 1 }, success: false, claims: 5 });
    const ids = idsOf(emulator);
    expect(await deleted(emulator, path, ids)).toEqual({ success: false, [count]: 5, errors: [] });
    expectRemaining(emulator, ["a"]);
  });

  test("can report a failure after it deleted all documents", async () => {
    const { emulator } = await startWith({ success: false });
    const { body } = await send(emulator, "DELETE", "/v3/documents/bulk", { containerTags: ["pr-42"] });
    expect(body).toEqual({ success: false, deletedCount: 5, containerTags: ["pr-42"] });
    expectHit(emulator, { "pr-42": 0, bystander: 2 });
  });

  test.each(byIds)("by ids on %s returns a reason for those above its number", async (_api, path, count) => {
    const { emulator } = await startWith({ documents: 3, reason });
    const ids = idsOf(emulator);
    const errors = ids.slice(3).map((id) => ({ id, error: reason }));
    expect(await deleted(emulator, path, ids)).toMatchObject({ [count]: 3, errors });
    expectRemaining(emulator, ["d", "e"]);
  });

  test("does not count requests for other documents than those that it keeps", async () => {
    const { emulator } = await startWith({ leaves: { ids: ["e"] } });
    const [a, b, , , e] = idsOf(emulator);
    await deleted(emulator, "/ns/pr-42/document", [a, "unknown"]);
    await deleted(emulator, "/ns/bystander/document", [e]);
    await send(emulator, "DELETE", "/ns/unknown");
    expect(emulator.unhitFaults()).toHaveLength(1);
    await deleted(emulator, "/ns/pr-42/document", [b, e]);
    expectRemaining(emulator, ["c", "d", "e"]);
  });

  test.each(["/v3/container-tags/pr-42", "/ns/pr-42"])(
    "of a container by %s keeps it, and its memories",
    async (path) => {
      const { emulator } = await startWith({ leaves: { ids: ["a"] }, claims: 9 });
      const claimed = { deletedDocumentsCount: 9, deletedMemoriesCount: 0 };
      expect((await send(emulator, "DELETE", path)).body).toMatchObject(claimed);
      expectRemaining(emulator, ["a"]);
      expect(emulator.memories()).toEqual({ "pr-42": 2, bystander: 0 });
      expect(emulator.ledger).toMatchObject([{ containerTag: "pr-42", count: 4 }]);
      const rest = { deletedDocumentsCount: 1, deletedMemoriesCount: 2 };
      expect((await send(emulator, "DELETE", path)).body).toMatchObject(rest);
      expect(emulator.containers()).toEqual({ bystander: 2 });
    },
  );

  test.each([{}, { leaves: { first: 0 } }, { leaves: { everyNth: 1.5 } }])("is refused with %j", async (given) => {
    const { emulator } = await start();
    expect(() => emulator.addFault({ then: { kind: "partial", ...given } })).toThrow(/allowed: /);
  });
});

type Partial = Omit<Extract<Fault, { kind: "partial" }>, "kind">;

function startWith(then: Partial, times = 1): ReturnType<typeof start> {
  return start({ seed, faults: [{ times, then: { kind: "partial", ...then } }] });
}

async function deleted(emulator: Emulator, path: string, ids: readonly (string | undefined)[]): Promise<unknown> {
  return (await send(emulator, "DELETE", path, { ids })).body;
}

/** Every fault was hit, and of the documents with a customId these remain. */
function expectRemaining(emulator: Emulator, customIds: readonly string[]): void {
  expect(emulator.documents("pr-42").map(({ customId }) => customId)).toEqual(customIds);
  expectHit(emulator, { "pr-42": customIds.length, bystander: 2 });
}
