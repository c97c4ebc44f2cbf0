import type { Emulator, Fault, FaultRule } from "../../emulator/index";
import { expectHit, idsOf, inContainers, send, start } from "./support/running";

const seed = { containers: { "pr-42": 5, bystander: 2 } };

type LateDeleter = Omit<Extract<Fault, { kind: "lateDeleter" }>, "kind">;

describe("a late deleter", () => {
  test("deletes the oldest documents right after a list that still returned them", async () => {
    const { emulator, client } = await startWith("documents.list", { documents: 2 });
    const ids = idsOf(emulator);
    expect((await client.documents.list({ ...inContainers("pr-42") })).pagination.totalItems).toBe(5);
    expect(idsOf(emulator)).toEqual(ids.slice(2));
    expectApart(emulator, ids.slice(0, 2));
  });

  test("deletes the newest documents right before a list, on v5", async () => {
    const { emulator } = await startWith("v5.list", { documents: 1, from: "newest", when: "beforeEffect" });
    const newest = idsOf(emulator)[4];
    const { body } = await send(emulator, "POST", "/ns/pr-42/list/documents");
    expect(body).toMatchObject({ pagination: { totalItems: 4 } });
    expectApart(emulator, [newest]);
  });

  test.each([
    ["/v3/documents/bulk", "deletedCount"],
    ["/ns/pr-42/document", "count"],
  ])("deletes documents before DELETE %s, which then does not find them", async (path, count) => {
    const { emulator } = await startWith(undefined, { documents: 2, when: "beforeEffect" });
    const ids = idsOf(emulator);
    const { body } = await send(emulator, "DELETE", path, { ids: ids.slice(1, 4) });
    expect(body).toMatchObject({ [count]: 2, errors: [{ id: ids[1], error: "Document not found" }] });
    expect(emulator.ledger).toMatchObject([{ request: 1, count: 2, documentIds: ids.slice(2, 4) }]);
    expectApart(emulator, ids.slice(0, 2));
  });

  test("deletes the rest of the container after a deletion by ids, and is cleared by a reset", async () => {
    const { emulator } = await startWith("documents.deleteBulk", { documents: 10 });
    const ids = idsOf(emulator);
    await send(emulator, "DELETE", "/v3/documents/bulk", { ids: ids.slice(0, 2) });
    expect(emulator.ledger).toMatchObject([{ documentIds: ids.slice(0, 2) }]);
    expectApart(emulator, ids.slice(2));
    emulator.reset();
    expect(emulator.lateDeletions).toEqual([]);
  });

  test.each(["/v3/container-tags/pr-42", "/ns/pr-42"])("deletes the whole container before DELETE %s", async (path) => {
    const { emulator } = await startWith(undefined, { documents: "container", when: "beforeEffect" });
    const ids = idsOf(emulator);
    expect((await send(emulator, "DELETE", path)).status).toBe(404);
    expect([emulator.containers(), emulator.ledger]).toEqual([{ bystander: 2 }, []]);
    expectApart(emulator, ids);
  });

  test("deletes from the given container, once that has documents", async () => {
    const { emulator } = await startWith(undefined, { documents: 1, containerTag: "later" });
    for (const containers of [{}, { later: 0 }]) {
      emulator.seed({ containers });
      await send(emulator, "POST", "/v3/documents/list", { containerTags: ["pr-42"] });
      expect(emulator.unhitFaults()).toHaveLength(1);
    }
    emulator.seed({ containers: { later: 1 } });
    await send(emulator, "POST", "/v3/documents/list", { containerTags: ["pr-42"] });
    expect(emulator.lateDeletions).toMatchObject([{ request: 3, containerTag: "later", count: 1 }]);
    expectHit(emulator, { ...seed.containers, later: 0 });
  });
});

test("a late writer writes to the container of the first document in the ids of a request", async () => {
  const { emulator } = await start({ seed, faults: [{ then: { kind: "lateWriter", documents: 3 } }] });
  const [first] = idsOf(emulator);
  await send(emulator, "DELETE", "/v3/documents/bulk", { ids: [first] });
  expect(emulator.containers()).toEqual({ "pr-42": 7, bystander: 2 });
});

function startWith(route: NonNullable<FaultRule["match"]>["route"], then: LateDeleter): ReturnType<typeof start> {
  const match = route === undefined ? {} : { match: { route } };
  return start({ seed, faults: [{ ...match, then: { kind: "lateDeleter", ...then } }] });
}

/** The documents are in lateDeletions and not in the ledger. */
function expectApart(emulator: Emulator, ids: readonly (string | undefined)[]): void {
  const { ledger, lateDeletions } = emulator;
  const late = { request: 1, containerTag: "pr-42", count: ids.length, documentIds: ids };
  expect(lateDeletions).toEqual([late]);
  expect(ledger.flatMap(({ documentIds }) => documentIds).filter((id) => ids.includes(id))).toEqual([]);
  expect(emulator.documents("bystander")).toHaveLength(2);
  expect(emulator.unhitFaults()).toEqual([]);
}
