import type { PurgeMethod } from "../../../provider/purge/types";
import { startRelay } from "../support/relay";
import { expectSound, incomplete, purgeTags, startWorld } from "../support/world";

const whole: PurgeMethod = { kind: "container" };

test.each(["v3", "v5"] as const)(
  "a container that stays although %s said that it is deleted is deleted again",
  async (apiVersion) => {
    const world = await startWorld({
      apiVersion,
      containers: { "pr-42": { documents: 3, memories: 2 } },
      faults: [{ then: { kind: "partial", documents: 1 } }],
    });
    const outcome = await purgeTags(world, ["pr-42"], { method: whole });
    expect(world.emulator.containers()).toEqual({ bystander: 3 });
    expect(outcome).toMatchObject({ deleted: 3, tags: [{ done: true, absent: false, memories: 2 }] });
    expectSound(world, 3);
  },
);

test("a container that stays is deleted again, also when its documents went with another container", async () => {
  const answer = { success: true, containerTag: "pr-43", deletedDocumentsCount: 0, deletedMemoriesCount: 0 };
  for (const then of [
    { kind: "partial", documents: 0 },
    { kind: "wrongShape", body: answer, when: "beforeEffect" },
  ] as const) {
    const world = await startWorld({
      concurrency: 1,
      containers: { "pr-42": 2, "pr-43": { documents: 3, each: { alsoIn: ["pr-42"] }, memories: 1 } },
      faults: [{ match: { containerTag: "pr-43", method: "DELETE" }, then }],
    });
    const tags = then.kind === "partial" ? ["pr-43", "pr-42"] : ["pr-42", "pr-43"];
    const outcome = await purgeTags(world, tags, { method: whole });
    expect(world.emulator.containers()).toEqual({ bystander: 3 });
    expect(outcome).toMatchObject({ deleted: 5, tags: [{ done: true }, { done: true }] });
    expectSound(world, 5);
  }
});

test("a container that a writer has made anew stays, whatever the first delete left", async () => {
  const world = await startWorld({
    containers: { "pr-42": 3 },
    faults: [
      { then: { kind: "partial", documents: 1 } },
      { match: { route: "documents.deleteBulk" }, then: { kind: "lateWriter", documents: 2, containerTag: "pr-42" } },
    ],
  });
  const outcome = await purgeTags(world, ["pr-42"], { method: whole });
  expect(outcome).toMatchObject({ deleted: 3, tags: [{ done: true, written: 2 }] });
  expect(world.emulator.documents("pr-42")).toHaveLength(2);
  expectSound(world, 3);
});

test("a container is not deleted again when documents of a protected one came into it, whatever their age", async () => {
  for (const alsoIn of [["live"], []]) {
    const world = await startWorld({
      containers: { "pr-42": 3, live: 1 },
      faults: [{ match: { method: "DELETE" }, then: { kind: "serverError", when: "beforeEffect" } }],
    });
    const { apiKey, url } = world.emulator;
    let lists = 0;
    const { api } = await startRelay(world, {
      before: async ({ path }) => {
        if (!path.endsWith("/list") || ++lists !== 2) return;
        const headers = { authorization: `Bearer ${apiKey}`, "content-type": "application/json" };
        const body = JSON.stringify({ content: "a note", containerTags: ["pr-42", ...alsoIn] });
        await fetch(`${url}/v3/documents`, { method: "POST", headers, body });
      },
    });
    const purged = purgeTags(world, ["pr-42"], { method: whole, session: { api } });
    if (alsoIn.length === 0) {
      expect(await purged).toMatchObject({ deleted: 4 });
      expectSound(world, 4);
    } else {
      const { message, outcome } = await incomplete(purged);
      expect(message).toContain('1 document in it also belongs to "live"');
      expect(outcome.tags).toMatchObject([{ deleted: 0, remaining: 3, done: false }]);
      expectSound(world, 0);
    }
  }
});
