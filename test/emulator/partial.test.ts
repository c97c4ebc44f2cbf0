import type { Chosen, Emulator, FaultRule } from "../../emulator/index";
import { inContainers, send, start } from "./support/running";

const documents = ["a", "b", "c", "d", "e"].map((customId) => ({ customId, metadata: { locked: customId === "d" } }));
const seed = { containers: { bystander: 2, "pr-42": { documents, memories: 2 } } };
const reason = "Internal error";

const byIds = [
  ["v3", "/v3/documents/bulk", "deletedCount"],
  ["v5", "/ns/pr-42/document", "count"],
] as const;

describe("a partial deletion", () => {
  test.each(byIds)("by ids on %s keeps the same documents each time it hits", async (_api, path, count) => {
    const { emulator } = await startWith({ ids: ["b", "d"] }, { times: 2, reason });
    const [a, b, c, d, e] = emulator.documents("pr-42").map(({ id }) => id);
    const refused = (...ids: readonly (string | undefined)[]) => ids.map((id) => ({ id, error: reason }));
    expect(await deleted(emulator, path, [a, b, c])).toMatchObject({ [count]: 2, errors: refused(b) });
    expect(await deleted(emulator, path, [d, b, e])).toMatchObject({ [count]: 1, errors: refused(d, b) });
    expect(remaining(emulator)).toEqual(["b", "d"]);
    expect(await deleted(emulator, path, [b, d])).toMatchObject({ [count]: 2, errors: [] });
    expectHit(emulator);
  });

  test.each([
    [{ first: 2 }, ["a", "b"]],
    [{ everyNth: 3 }, ["a", "d"]],
    [{ ids: ["c", "nowhere"] }, ["c"]],
    [{ metadata: { locked: true } }, ["d"]],
  ] as const)("keeps the documents chosen by %j, in any order of requests", async (leaves, kept) => {
    const { emulator } = await startWith(leaves, { times: Infinity });
    const ids = emulator.documents("pr-42").map(({ id }) => id);
    for (const id of ids) await deleted(emulator, "/v3/documents/bulk", [id]);
    await deleted(emulator, "/ns/pr-42/document", [...ids].reverse());
    expect(remaining(emulator)).toEqual(kept);
    expectHit(emulator);
  });

  test("by tag does not mention the documents that it keeps", async () => {
    const { emulator, client } = await startWith({ first: 2 }, { reason });
    const response = await client.documents.deleteBulk({ ...inContainers("pr-42") });
    expect(response).toEqual({ success: true, deletedCount: 3, containerTags: ["pr-42"] });
    expect(remaining(emulator)).toEqual(["a", "b"]);
    expectHit(emulator);
  });

  test.each(byIds)("on %s reports the configured success and count", async (_api, path, count) => {
    const { emulator } = await startWith({ first: 1 }, { success: false, claims: 5 });
    const ids = emulator.documents("pr-42").map(({ id }) => id);
    expect(await deleted(emulator, path, ids)).toEqual({ success: false, [count]: 5, errors: [] });
    expect(remaining(emulator)).toEqual(["a"]);
    expectHit(emulator);
  });

  test("can report a failure after it deleted all documents", async () => {
    const { emulator } = await start({ seed, faults: [{ then: { kind: "partial", success: false } }] });
    const { body } = await send(emulator, "DELETE", "/v3/documents/bulk", { containerTags: ["pr-42"] });
    expect(body).toEqual({ success: false, deletedCount: 5, containerTags: ["pr-42"] });
    expect(emulator.containers()).toEqual({ "pr-42": 0, bystander: 2 });
  });

  test("does not count requests for other documents than those that it keeps", async () => {
    const { emulator } = await startWith({ ids: ["e"] }, {});
    const [a, b, , , e] = emulator.documents("pr-42").map(({ id }) => id);
    await deleted(emulator, "/ns/pr-42/document", [a, "unknown"]);
    await deleted(emulator, "/ns/bystander/document", [e]);
    await send(emulator, "DELETE", "/ns/unknown");
    expect(emulator.unhitFaults()).toHaveLength(1);
    await deleted(emulator, "/ns/pr-42/document", [b, e]);
    expect(remaining(emulator)).toEqual(["c", "d", "e"]);
    expectHit(emulator);
  });

  test.each(["/v3/container-tags/pr-42", "/ns/pr-42"])(
    "of a container by %s keeps it, and its memories",
    async (path) => {
      const { emulator } = await startWith({ ids: ["a"] }, { claims: 9 });
      expect((await send(emulator, "DELETE", path)).body).toMatchObject({
        deletedDocumentsCount: 9,
        deletedMemoriesCount: 0,
      });
      expect(remaining(emulator)).toEqual(["a"]);
      expect(emulator.memories()).toEqual({ "pr-42": 2, bystander: 0 });
      expect(emulator.ledger).toMatchObject([{ containerTag: "pr-42", count: 4 }]);
      expectHit(emulator);
      expect((await send(emulator, "DELETE", path)).body).toMatchObject({
        deletedDocumentsCount: 1,
        deletedMemoriesCount: 2,
      });
      expect(emulator.containers()).toEqual({ bystander: 2 });
    },
  );

  test.each([{}, { leaves: { first: 0 } }, { leaves: { everyNth: 1.5 } }])("is refused with %j", async (given) => {
    const { emulator } = await start();
    expect(() => emulator.addFault({ then: { kind: "partial", ...given } })).toThrow(/allowed: /);
  });
});

interface PartialOptions {
  readonly times?: number;
  readonly reason?: string;
  readonly success?: boolean;
  readonly claims?: number;
}

function startWith(leaves: Chosen, { times = 1, ...options }: PartialOptions): ReturnType<typeof start> {
  const rule: FaultRule = { times, then: { kind: "partial", leaves, ...options } };
  return start({ seed, faults: [rule] });
}

async function deleted(emulator: Emulator, path: string, ids: readonly (string | undefined)[]): Promise<unknown> {
  return (await send(emulator, "DELETE", path, { ids })).body;
}

function remaining(emulator: Emulator): readonly (string | undefined)[] {
  return emulator.documents("pr-42").map(({ customId }) => customId);
}

function expectHit(emulator: Emulator): void {
  expect(emulator.unhitFaults()).toEqual([]);
  expect(emulator.documents("bystander")).toHaveLength(2);
}
