import type { Fault } from "../../../emulator/index";
import { byIds, tell, toDelete, whole } from "../support/stories";

const methods = [{ kind: "tag" }, whole, byIds, { ...byIds, select: { status: ["done"] } }] as const;
const toList = { method: "POST" } as const;
const fails = "; nothing was deleted";
const five = { "pr-42": 5 };
const wrong: readonly (readonly [string, Fault])[] = [
  ["404 as a page", { kind: "notFound", as: "html" }],
  ["404 as JSON that names nothing", { kind: "notFound", as: "json" }],
  ["404 as JSON that names the route", returning({ error: "POST /v3/documents/list not found" }, 404)],
  ["200 as a page", { kind: "notJson", when: "beforeEffect" }],
  ["200 as a page that says documents", { kind: "notJson", body: "<p>0 documents</p>", when: "beforeEffect" }],
  ["200 as JSON of another shape", returning({ ok: true, documents: [], memories: [] })],
  ["200 as an empty list", returning([])],
];

describe.each(["auto", "v3", "v5"] as const)("an address that is not the API's, with apiVersion %s", (apiVersion) => {
  test.each(wrong)("that returns %s on every route fails with the URL, and deletes nothing", async (_what, then) => {
    for (const method of methods) {
      for (const containers of [five, {}]) {
        const faults = [{ times: Infinity, then }];
        const { message, world } = await tell({ apiVersion, containers, faults, method, fails, deleted: 0 });
        expect(message).toContain(`${world.emulator.url}/`);
      }
    }
  });

  test.each(wrong)("that returns %s to lists fails with the URL, and deletes nothing", async (_what, then) => {
    const faults = [{ match: toList, times: Infinity, then }];
    for (const method of methods) {
      const { message, world } = await tell({ apiVersion, containers: five, faults, method, fails, deleted: 0 });
      expect(message).toContain(`${world.emulator.url}/`);
    }
  });

  test.each(wrong)("that returns %s to deletes fails, and reports none deleted", async (_what, then) => {
    const faults = [{ match: toDelete, times: Infinity, then }];
    const results = [{ remaining: 5 }];
    for (const method of methods) {
      const story = { apiVersion, containers: five, faults, method, fails: "", deleted: 0, results };
      const { message, outcome, world } = await tell({ ...story, estimated: false });
      expect(outcome).toBeDefined();
      expect(message).toContain(`DELETE ${world.emulator.url}/`);
    }
  });

  test.each(wrong)("that returns %s after the delete fails with the URL, and does not succeed", async (_what, then) => {
    const faults = [{ match: toList, nth: apiVersion === "v5" ? 3 : 2, times: Infinity, then }];
    const { message, world } = await tell({ apiVersion, containers: five, faults, fails: "", deleted: 5 });
    expect(message).toContain(`POST ${world.emulator.url}/`);
  });
});

function returning(body: unknown, status = 200): Fault {
  return { kind: "wrongShape", status, body, when: "beforeEffect" };
}
