import type { FaultRule } from "../../../emulator/index";
import { StoppedError } from "../../../provider/errors";
import { startRelay } from "../support/relay";
import { errorOf, expectSound, incomplete, purgeTags, reallyDeleted, sent, startWorld } from "../support/world";

const toDelete = { route: "documents.deleteBulk" } as const;

test('the error of a failed count ends with "nothing was deleted"', async () => {
  const faults: FaultRule[] = [{ match: { containerTag: "pr-43" }, then: { kind: "notFound", as: "json" } }];
  const world = await startWorld({ containers: { "pr-42": 5, "pr-43": 5 }, faults });
  const error = await errorOf(purgeTags(world, ["pr-42", "pr-43"]));
  expect(error.message).toMatch(/^POST \S+ returned 404.*; nothing was deleted$/m);
  expect(sent(world).filter((request) => request.startsWith("delete"))).toEqual([]);
  expectSound(world, 0);
});

test("a list that returns 404 never counts as an empty container", async () => {
  for (const as of ["html", "json"] as const) {
    const world = await startWorld({ containers: { "pr-42": 5 }, faults: [{ then: { kind: "notFound", as } }] });
    await errorOf(purgeTags(world, ["pr-42"]));
    expectSound(world, 0);
  }
});

test("a delete that returns 404 without naming a container is a failure, not an absence", async () => {
  for (const body of [{ error: "Not Found" }, { error: "Route DELETE /v3/documents/bulk not found" }, "nothing"]) {
    const then = { kind: "wrongShape", status: 404, body, when: "beforeEffect" } as const;
    const world = await startWorld({ containers: { "pr-42": 5 }, faults: [{ match: toDelete, then }] });
    const { message, outcome } = await incomplete(purgeTags(world, ["pr-42"], { verify: false }));
    expect(message).toContain("returned 404");
    expect(outcome.tags).toMatchObject([{ deleted: 0, remaining: 5, done: false }]);
    expectSound(world, 0);
  }
});

test("a delete that returns 404 and names the container is an absence, which the list confirms", async () => {
  const body = { error: "Container tag not found" };
  const then = { kind: "wrongShape", status: 404, body, when: "beforeEffect" } as const;
  const world = await startWorld({ containers: { "pr-42": 5 }, faults: [{ match: toDelete, then }] });
  const outcome = await purgeTags(world, ["pr-42"], { verify: false });
  expect(outcome).toMatchObject({ deleted: 5, tags: [{ remaining: 0 }] });
  expectSound(world, 5);
});

test("when one container fails the error has the numbers of all, and what remains", async () => {
  const then = { kind: "wrongShape", status: 403, body: {}, when: "beforeEffect" } as const;
  const faults: FaultRule[] = [{ match: { ...toDelete, containerTag: "pr-43" }, then }];
  const world = await startWorld({ containers: { "pr-42": 5, "pr-43": 7, "pr-44": 0 }, faults });
  const { message, outcome } = await incomplete(purgeTags(world, ["pr-42", "pr-43", "pr-44"]));
  const lines = message.split("\n");
  expect(lines[0]).toMatch(
    /^deleted 5 of 12 documents \(pr-42: 5 of 5, pr-43: 0 of 7, pr-44: 0 of 0\), then .*; 7 remain$/,
  );
  expect(lines.at(-1)).toBe("run pulumi up again to resume");
  expect(
    outcome.tags.map(({ containerTag, deleted, done, remaining }) => [containerTag, deleted, remaining, done]),
  ).toEqual([
    ["pr-42", 5, 0, true],
    ["pr-43", 0, 7, false],
    ["pr-44", 0, 0, true],
  ]);
  expectSound(world, 5);
});

test("after a failure no further container is started", async () => {
  const tags = Array.from({ length: 20 }, (_, index) => `pr-${index}`);
  const then = { kind: "wrongShape", status: 400, body: {}, when: "beforeEffect" } as const;
  const faults: FaultRule[] = [{ match: { ...toDelete, containerTag: "pr-0" }, then }];
  const world = await startWorld({
    containers: Object.fromEntries(tags.map((tag) => [tag, 2])),
    faults,
    concurrency: 1,
  });
  const { outcome } = await incomplete(purgeTags(world, tags));
  expect(outcome.tags.filter(({ done }) => !done).length).toBeGreaterThanOrEqual(12);
  expect(outcome.tags.map(({ deleted, remaining }) => deleted + (remaining ?? 0))).toEqual(tags.map(() => 2));
  expectSound(world, outcome.deleted);
});

test("the error of a failed destroy explains how to resume", async () => {
  const faults: FaultRule[] = [
    { match: toDelete, then: { kind: "wrongShape", status: 400, body: { error: "bad" }, when: "beforeEffect" } },
  ];
  const world = await startWorld({ containers: { "pr-42": 5 }, faults });
  const { message } = await incomplete(purgeTags(world, ["pr-42"], { event: "delete" }));
  expect(message).toMatch(/ returned 400.*; 5 remain\nrun the same command again to resume$/);
  expectSound(world, 0);
});

test("the error of a timeout reports what was deleted before it", async () => {
  const faults: FaultRule[] = [
    { match: { ...toDelete, containerTag: "pr-43" }, times: Infinity, then: { kind: "rateLimit", retryAfter: 50 } },
  ];
  const world = await startWorld({
    containers: { "pr-42": 5, "pr-43": 7 },
    faults,
    timeoutMs: 120_000,
    concurrency: 1,
  });
  const { message, outcome } = await incomplete(purgeTags(world, ["pr-42", "pr-43"]));
  expect(message).toMatch(/^deleted 5 of 12 documents .*, then .* 50 s wait .*; 7 remain$/m);
  expect(outcome.tags).toMatchObject([{ planned: 5 }, { deleted: 0, remaining: 7, done: false }]);
  expectSound(world, outcome.deleted);
});

test("if the engine is gone before the first delete, no delete is sent", async () => {
  const world = await startWorld({ containers: { "pr-42": 5 } });
  const beforeMutation = (): Promise<void> => Promise.reject(new StoppedError("Pulumi no longer answers"));
  const error = await errorOf(purgeTags(world, ["pr-42"], { session: { beforeMutation } }));
  expect(error).toBeInstanceOf(StoppedError);
  expect(error.message).toBe("Pulumi no longer answers; nothing was deleted");
  expect(sent(world)).toEqual(["list pr-42"]);
  expectSound(world, 0);
});

test("a stop during the check of the engine sends no delete", async () => {
  const world = await startWorld({ containers: { "pr-42": 5 } });
  const beforeMutation = (): Promise<void> => {
    world.stop.abort();
    return Promise.resolve();
  };
  const error = await errorOf(purgeTags(world, ["pr-42"], { session: { beforeMutation } }));
  expect(error.message).toBe("the operation was stopped; nothing was deleted");
  expectSound(world, 0);
});

test("the engine is checked before every delete", async () => {
  const world = await startWorld({
    containers: { "pr-42": 250 },
    faults: [{ then: { kind: "partial", documents: 10 } }],
  });
  let asked = 0;
  const beforeMutation = (): Promise<void> => {
    asked += 1;
    return asked < 3 ? Promise.resolve() : Promise.reject(new StoppedError("Pulumi no longer answers"));
  };
  const { message } = await incomplete(purgeTags(world, ["pr-42"], { session: { beforeMutation } }));
  expect(message).toContain("deleted 110 of 250 documents in pr-42, then Pulumi no longer answers; 140 remain");
  expect(reallyDeleted(world)).toBe(110);
  expectSound(world, 110);
});

test("when v3 is switched off in the middle the purge ends, and the next operation resumes it on v5", async () => {
  const faults: FaultRule[] = [{ match: { method: "DELETE" }, nth: 2, then: { kind: "switchOff", as: "gone" } }];
  const containers = { "pr-42": { documents: 250, each: { alsoIn: ["pr-43"] } }, "pr-43": 2 };
  const world = await startWorld({ apiVersion: "auto", concurrency: 1, containers, faults });
  const method = { kind: "ids", select: undefined, sharedDocuments: "delete" } as const;
  const { message, outcome } = await incomplete(purgeTags(world, ["pr-42", "pr-43"], { method }));
  expect(message).toContain(
    "then API v3 was switched off during this operation; 152 remain\nrun pulumi up again to resume",
  );
  expect(outcome.tags).toMatchObject([
    { deleted: 100, remaining: 150, done: false },
    { deleted: 0, remaining: 2, done: false },
  ]);
  const { api } = await startRelay(world, { apiVersion: "auto" });
  expect(await purgeTags(world, ["pr-42", "pr-43"], { method, session: { api } })).toMatchObject({ deleted: 152 });
  expect(api.version).toBe("v5");
  expectSound(world, 252);
});
