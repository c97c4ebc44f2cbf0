import type { Fault, FaultRule } from "../../../emulator/index";
import type { PurgeMethod } from "../../../provider/purge/types";
import { errorOf, expectSound, incomplete, purgeTags, startWorld, type World } from "../support/world";

const methods: readonly PurgeMethod[] = [
  { kind: "tag" },
  { kind: "container" },
  { kind: "ids", select: undefined, sharedDocuments: "delete" },
  { kind: "ids", select: { status: ["done"] }, sharedDocuments: "delete" },
];
const versions = ["auto", "v3", "v5"] as const;
const wrong: readonly (readonly [string, Fault])[] = [
  ["404 as a page", { kind: "notFound", as: "html" }],
  ["404 as JSON that names nothing", { kind: "notFound", as: "json" }],
  [
    "404 as JSON that names the route",
    { kind: "wrongShape", status: 404, body: { error: "POST /v3/documents/list not found" }, when: "beforeEffect" },
  ],
  ["200 as a page", { kind: "notJson", when: "beforeEffect" }],
  ["200 as a page that says documents", { kind: "notJson", body: "<p>0 documents</p>", when: "beforeEffect" }],
  [
    "200 as JSON of another shape",
    { kind: "wrongShape", body: { ok: true, documents: [], memories: [] }, when: "beforeEffect" },
  ],
  ["200 as an empty list", { kind: "wrongShape", body: [], when: "beforeEffect" }],
];

describe.each(versions)("an address that is not the API's, with apiVersion %s", (apiVersion) => {
  test.each(wrong)("that returns %s on every route fails with the URL, and deletes nothing", async (_what, then) => {
    for (const method of methods) {
      for (const documents of [5, 0]) {
        const world = await startWorld({
          apiVersion,
          containers: { "pr-42": documents },
          faults: [{ times: Infinity, then }],
        });
        const { message } = await errorOf(purgeTags(world, ["pr-42"], { method }));
        expect(message).toContain(`${world.emulator.url}/`);
        expect(message).toContain("; nothing was deleted");
        expect(deletes(world)).toEqual([]);
        expectSound(world, 0);
      }
    }
  });

  test.each(wrong)("that returns %s to lists fails with the URL, and deletes nothing", async (_what, then) => {
    const faults: FaultRule[] = [{ match: { method: "POST" }, times: Infinity, then }];
    for (const method of methods) {
      const world = await startWorld({ apiVersion, containers: { "pr-42": 5 }, faults });
      const { message } = await errorOf(purgeTags(world, ["pr-42"], { method }));
      expect(message).toContain(`${world.emulator.url}/`);
      expect(deletes(world)).toEqual([]);
      expectSound(world, 0);
    }
  });

  test.each(wrong)("that returns %s to deletes fails with the URL, and reports none deleted", async (_what, then) => {
    const faults: FaultRule[] = [{ match: { method: "DELETE" }, times: Infinity, then }];
    for (const method of methods) {
      const world = await startWorld({ apiVersion, containers: { "pr-42": 5 }, faults });
      const { message, outcome } = await incomplete(purgeTags(world, ["pr-42"], { method }));
      expect(message).toContain(`DELETE ${world.emulator.url}/`);
      expect(outcome).toMatchObject({ deleted: 0, tags: [{ remaining: 5, done: false }] });
      expectSound(world, 0);
    }
  });

  test.each(wrong)("that returns %s after the delete fails with the URL, and does not succeed", async (_what, then) => {
    const faults: FaultRule[] = [
      { match: { method: "POST" }, nth: apiVersion === "v5" ? 3 : 2, times: Infinity, then },
    ];
    const world = await startWorld({ apiVersion, containers: { "pr-42": 5 }, faults });
    const method: PurgeMethod = { kind: "tag" };
    const { message, outcome } = await incomplete(purgeTags(world, ["pr-42"], { method }));
    expect(message).toContain(`POST ${world.emulator.url}/`);
    expect(outcome).toMatchObject({ deleted: 5, tags: [{ done: false }] });
    expectSound(world, 5);
  });
});

function deletes({ emulator }: World) {
  return emulator.requests.filter(({ method }) => method === "DELETE");
}
