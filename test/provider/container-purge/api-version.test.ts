import type { Emulator } from "../../../emulator/index";
import { mutations } from "../support/host-emulator";
import { deployed, startStack } from "../support/host-stack";

const shared = { documents: [{}, {}, { alsoIn: ["production"] }] };
const containers = { "pr-42": 5, production: 3 };
const args = { containerTags: ["pr-42"] };
const byIds = { ...args, deleteBy: "ids" };
const v5 = { SUPERMEMORY_API_VERSION: "v5" };
const moved: unknown = expect.stringContaining(
  "warning: this resource was last purged on API v3 and is now purged on API v5",
);
const refused = "documents in pr-42 also carried a protected tag when API v3 last listed them";

describe("a resource that was last purged on v3, and meets v5", () => {
  test("says so once in a preview, once in an up, and then no more", async () => {
    const { emulator, stack } = await deployed(containers, args);
    endV3(emulator);
    emulator.seed({ containers: { "pr-42": 4 } });
    const changed = { ...args, triggers: 1 };
    const preview = await stack.preview(changed);
    expect(preview.lines).toEqual([moved, expect.stringContaining("will delete 4 documents")]);
    const up = await stack.up(changed);
    expect([up.error, up.lines.filter((line) => line.startsWith("warning"))]).toEqual([undefined, [moved]]);
    expect(up.lines.join()).toContain("documents that also carry a protected tag");
    expect(stack.outputs).toMatchObject({ apiVersion: "v5", deletedCount: 4 });
    const next = { ...args, triggers: 2 };
    for (const { error, lines } of [await stack.preview(next), await stack.up(next), await stack.destroy()]) {
      expect([error, lines.filter((line) => line.startsWith("warning"))]).toEqual([undefined, []]);
    }
  });

  test("says so in a refresh, which does not record v5", async () => {
    const { emulator, stack } = await deployed(containers, args);
    endV3(emulator);
    expect((await stack.refresh()).lines).toEqual([moved, "no documents in pr-42"]);
    expect(stack.outputs).toMatchObject({ apiVersion: "v3", documentCount: 0 });
    expect((await stack.destroy()).lines[0]).toEqual(moved);
  });

  test.each([
    ["a preview", "preview"],
    ["an up", "up"],
    ["a destroy", "destroy"],
  ] as const)("is refused by %s if v3 saw a protected tag, unless v5 is accepted", async (_what, command) => {
    const { emulator, stack } = await deployed({ "pr-42": shared, production: 3 }, byIds);
    expect(stack.outputs).toMatchObject({ apiVersion: "v3", deletedCount: 2, __besideProtected: true });
    endV3(emulator);
    const before = mutations(emulator);
    const changed = { ...byIds, triggers: 1 };
    const run = async (env = {}) =>
      command === "destroy" ? await stack.destroy(env) : await stack[command](changed, env);
    const { error } = await run();
    expect(error).toContain(refused);
    expect(error).toContain(
      "; nothing was deleted\nto purge over API v5 anyway, set SUPERMEMORY_API_VERSION=v5 for this command",
    );
    expect([mutations(emulator), emulator.containers()["production"]]).toEqual([before, 4]);
    expect((await run({ SUPERMEMORY_API_VERSION: "v3" })).error ?? "").not.toContain(refused);
    expect((await run(v5)).error).toBeUndefined();
  });

  test("is refused if only a refresh saw a protected tag", async () => {
    const { emulator, stack } = await deployed({ "pr-42": 0, production: 3 }, args);
    expect(stack.outputs["__besideProtected"]).toBeUndefined();
    emulator.seed({ containers: { "pr-42": shared } });
    await stack.refresh();
    endV3(emulator);
    await stack.refresh();
    expect((await stack.destroy()).error).toContain(refused);
    expect((await stack.destroy(v5)).error).toBeUndefined();
  });

  test("is not refused if the last plan on v3 saw none", async () => {
    const { emulator, stack } = await deployed({ "pr-42": shared, production: 3 }, byIds);
    await stack.up({ ...byIds, allowProtectedTags: ["production"], triggers: 1 });
    expect(stack.outputs["__besideProtected"]).toBeUndefined();
    endV3(emulator);
    expect((await stack.destroy()).error).toBeUndefined();
  });
});

test("a new resource uses v5 without a warning about it when v3 has ended", async () => {
  const { stack } = await startStack(containers, { v3: "gone" });
  for (const command of ["preview", "up"] as const) {
    const { error, lines } = await stack[command](args);
    expect([error, lines.filter((line) => /^warning(?!: will delete)/.test(line))]).toEqual([undefined, []]);
  }
  expect(stack.outputs).toMatchObject({ apiVersion: "v5", deletedCount: 5 });
});

test("a refresh during a short outage of v3 does not record v5", async () => {
  const { emulator, stack } = await deployed({ "pr-42": 5 }, { ...args, purgeOn: ["delete"] });
  emulator.switchApi("v3", "off");
  await stack.refresh();
  expect(stack.outputs).toMatchObject({ apiVersion: "v3" });
});

test("a count of a new resource during a short outage of v3 records no API version", async () => {
  const { stack } = await startStack({ "pr-42": 5 }, { v3: "off" });
  await stack.up({ ...args, purgeOn: ["delete"] });
  expect(stack.outputs).toMatchObject({ apiVersion: null, documentCount: 5 });
});

describe("sharedDocuments, which only v3 can keep to, when v3 has ended", () => {
  const keeping = { ...byIds, sharedDocuments: "keep" };
  const ahead: unknown = expect.stringMatching(
    /^warning: sharedDocuments: "keep" is not supported on API v5.*a destroy will be refused\nremove sharedDocuments.*SUPERMEMORY_PURGE=skip/s,
  );

  test("is a warning in each preview and up before the destroy, which does not fail them", async () => {
    const { emulator, stack } = await deployed(containers, keeping);
    expect((await stack.preview(keeping)).lines).toEqual([]);
    endV3(emulator);
    for (const command of ["preview", "up"] as const) {
      const { changes, error, failures, lines } = await stack[command](keeping);
      expect([changes, error, failures, lines]).toEqual([false, undefined, [], [ahead]]);
    }
  });

  test("refuses the destroy, and both ways out of it work", async () => {
    for (const wayOut of ["up", "skip"] as const) {
      const { emulator, stack } = await deployed(containers, keeping);
      endV3(emulator);
      emulator.seed({ containers: { "pr-42": 4 } });
      const { error } = await stack.destroy();
      expect(error).toContain('sharedDocuments: "keep" is not supported on API v5');
      expect(error).toContain("remove sharedDocuments from the program, run pulumi up, then run this command again");
      expect(error).toContain("to keep all documents, set SUPERMEMORY_PURGE=skip for this command");
      if (wayOut === "up") expect((await stack.up(byIds)).error).toBeUndefined();
      expect((await stack.destroy(wayOut === "skip" ? { SUPERMEMORY_PURGE: "skip" } : {})).error).toBeUndefined();
      expect(emulator.containers()["pr-42"]).toBe(wayOut === "skip" ? 4 : 0);
    }
  });
});

test("SUPERMEMORY_API_VERSION pins the version of a destroy, over the configuration", async () => {
  const { emulator, stack } = await deployed(containers, args, { config: { "supermemory:apiVersion": "v3" } });
  emulator.switchApi("v3", "gone");
  expect((await stack.destroy()).error).toContain("/v3/documents/list returned 410");
  expect((await stack.destroy({ SUPERMEMORY_API_VERSION: "v5" })).error).toBeUndefined();
});

function endV3(emulator: Emulator): void {
  emulator.switchApi("v3", "gone");
}
