import { purge } from "../../../provider/purge/purge";
import type { PurgeOutcome, PurgeRequest } from "../../../provider/purge/types";
import { errorOf, expectSound, guardrails, incomplete, sent, startWorld, type World } from "../support/world";

const containers = { "pr-42": 5, "pr-43": 7 };

test("a container that the recheck skips gets no delete, and the others do", async () => {
  const world = await startWorld({ containers });
  const outcome = await purgeUnless(world, (tag) => (tag === "pr-42" ? "active just now" : undefined));
  expect(outcome).toMatchObject({
    deleted: 7,
    tags: [
      { containerTag: "pr-42", deleted: 0, remaining: 5, done: true, skipped: "active just now" },
      { containerTag: "pr-43", deleted: 7, done: true },
    ],
  });
  expect(sent(world)).not.toContain("delete pr-42");
  expectSound(world, 7);
});

test("the recheck runs right before the first delete, after everything was counted", async () => {
  const world = await startWorld({ containers, concurrency: 1 });
  const seen: string[] = [];
  await purgeUnless(world, (tag) => {
    seen.push(`${tag} after ${world.emulator.requests.length}`);
    return undefined;
  });
  expect(seen).toEqual(["pr-42 after 2", "pr-43 after 4"]);
  expectSound(world, 12);
});

test("the documents of a skipped container no longer count against the limit", async () => {
  // Ten documents go with the delete by tag, three of them new, and one that it left goes by its id.
  const faults = [{ then: { kind: "partial", leaves: { first: 1 } } }] as const;
  const world = await startWorld({ containers, concurrency: 1, faults });
  const outcome = await purgeUnless(
    world,
    (tag) => {
      if (tag === "pr-43") world.emulator.seed({ containers: { "pr-43": 3 } });
      return tag === "pr-42" ? "active just now" : undefined;
    },
    12,
  );
  expect(outcome.deleted).toBe(10);
  expectSound(world, 10);
});

test("if the recheck fails nothing more is deleted, and the error reports what was", async () => {
  const world = await startWorld({ containers, concurrency: 1 });
  const fails = (at: string) => (tag: string) => {
    if (tag === at) throw new Error("cannot tell");
    return undefined;
  };
  expect((await errorOf(purgeUnless(world, fails("pr-42")))).message).toContain("cannot tell");
  expect(sent(world)).toEqual(["list pr-42", "list pr-43"]);
  const { outcome } = await incomplete(purgeUnless(world, fails("pr-43")));
  expect(outcome).toMatchObject({ deleted: 5, tags: [{ done: true }, { done: false, remaining: 7 }] });
  expectSound(world, 5);
});

async function purgeUnless(
  { emulator, session }: World,
  reason: (tag: string) => string | undefined,
  maxDeletions = 10_000,
): Promise<PurgeOutcome> {
  const request: PurgeRequest = {
    resource: "nightly",
    targets: ["pr-42", "pr-43"].map((containerTag) => ({ containerTag, event: "policy" })),
    guardrails: guardrails({ maxDeletions, address: { now: emulator.url } }),
    method: { kind: "tag" },
    verify: true,
    recheck: async ({ containerTag }) => await Promise.resolve(containerTag).then(reason),
  };
  return await purge(request, session);
}
