import fc from "fast-check";
import { deleteLifecycle, updateLifecycle } from "../../../provider/container-purge/lifecycle";
import type { PurgeInputs } from "../../../provider/container-purge/args";
import type { PendingPurge } from "../../../provider/container-purge/state";
import { inputsOf, stateOf } from "../support/host-states";

const names = ["a", "b", "c", "d", "e"];
const events = ["create", "update", "delete"] as const;

const someTags = fc.subarray(names, { minLength: 1 });
const inputs = fc
  .record({ tags: someTags, purgeOn: fc.subarray([...events]), triggers: fc.constantFrom(undefined, 1, 2) })
  .map(({ purgeOn, tags, triggers }) => inputsOf(tags, { purgeOn, triggers }));
const entry = fc.record({ containerTag: fc.constantFrom(...names), event: fc.constantFrom(...events) });
const pending = fc.uniqueArray(entry, { selector: ({ containerTag }) => containerTag });
const claims = fc.subarray(names);

describe("whatever changes", () => {
  test("an update purges exactly what the model decides, tag by tag", () => {
    fc.assert(
      fc.property(inputs, inputs, pending, claims, (old, news, undone, claimed) => {
        const { targets } = updateLifecycle(stateOf(old, undone), news, ownerAmong(claimed));
        expect(new Set(targets.map(({ containerTag }) => containerTag)).size).toBe(targets.length);
        for (const { containerTag } of targets) expect(names).toContain(containerTag);
        for (const tag of names) {
          const allowed = reasonsToPurge(tag, old, news, undone).filter(
            (event) => news.purgeOn.includes(event) && !(event === "delete" && claimed.includes(tag)),
          );
          const target = targets.find(({ containerTag }) => containerTag === tag);
          if (target === undefined) expect([tag, allowed]).toEqual([tag, []]);
          else expect(allowed).toContain(target.event);
        }
      }),
      { numRuns: 500 },
    );
  });

  test("the end purges all managed tags and pending removals but the claimed ones, or nothing", () => {
    fc.assert(
      fc.property(inputs, pending, claims, (old, undone, claimed) => {
        const removals = undone.filter(({ event }) => event === "delete").map(({ containerTag }) => containerTag);
        const all = names.filter((tag) => old.containerTags.includes(tag) || removals.includes(tag));
        const expected = old.purgeOn.includes("delete") ? all.filter((tag) => !claimed.includes(tag)) : [];
        const { targets } = deleteLifecycle(stateOf(old, undone), ownerAmong(claimed));
        expect(targets.map(({ containerTag }) => containerTag).sort()).toEqual(expected);
      }),
    );
  });

  test("every pending entry is purged, kept for its owner, or given up by name", () => {
    fc.assert(
      fc.property(inputs, inputs, pending, claims, (old, news, undone, claimed) => {
        for (const { dropped, kept, targets } of [
          updateLifecycle(stateOf(old, undone), news, ownerAmong(claimed)),
          deleteLifecycle(stateOf(old, undone), ownerAmong(claimed)),
        ]) {
          const told = [...dropped, ...kept, ...targets].map(({ containerTag }) => containerTag);
          for (const { containerTag } of undone) expect(told).toContain(containerTag);
        }
      }),
    );
  });
});

function reasonsToPurge(tag: string, old: PurgeInputs, news: PurgeInputs, undone: readonly PendingPurge[]) {
  const [was, is] = [old.containerTags.includes(tag), news.containerTags.includes(tag)];
  const left = undone.find(({ containerTag }) => containerTag === tag)?.event;
  return [
    ...(is && !was && left === undefined ? (["create"] as const) : []),
    ...(is && old.triggers !== news.triggers ? (["update"] as const) : []),
    ...(was && !is ? (["delete"] as const) : []),
    ...(left !== undefined && is === (left !== "delete") ? [left] : []),
  ];
}

function ownerAmong(claimed: readonly string[]): (tag: string) => string | undefined {
  return (tag) => (claimed.includes(tag) ? "urn:other" : undefined);
}
