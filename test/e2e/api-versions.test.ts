import { v3 } from "./support/apis";
import { direct, expectFailed, messages, purgeProgram } from "./support/runs";
import { describeScenarios } from "./support/scenarios";

const program = purgeProgram({ containerTags: ["pr-42"] });

describeScenarios("A stack that moves to API v5", [v3], ({ open, scenario }) => {
  scenario("sends only v5 requests when apiVersion is v5, from the first up to destroy", async () => {
    const config = { "supermemory:apiVersion": "v5" };
    const bed = await open({ program, config, written: { "pr-42": 120 } });
    const { count, destroy, mark, outputs, receipts, requests, stack, up, write } = bed;

    const preview = await stack.preview();
    await up();

    expect(messages(preview, "warning")).toEqual([expect.stringMatching(/^will delete 120 documents in pr-42/)]);
    expect(count("pr-42")).toBe(0);
    expect(await outputs()).toMatchObject({ deletedCount: 120, apiVersion: "v5" });
    await write("pr-42", 17);
    mark();
    await destroy();
    expect(count("pr-42")).toBe(0);
    expect(requests().every(({ api }) => api === "v5")).toBe(true);
    expect(receipts().at(-1)).toMatchObject({ deletedCount: 17, apiVersion: "v5" });
  });

  scenario("warns in the next preview and up, and records v5, which its destroy asks first", async () => {
    const bed = await open({ program, writtenAfterUp: { "pr-42": 5 } });
    const { count, destroy, emulator, mark, outputs, project, requests, stack, up } = bed;
    emulator.switchApi("v3", "gone");
    const next = purgeProgram({ containerTags: ["pr-42"], triggers: 1 });
    project.setProgram(next);

    const preview = await stack.preview();
    const ended = await up();

    const moved: unknown = expect.stringContaining("is now purged on API v5, which does not return a document's tags");
    expect(messages(preview, "warning")).toEqual([moved]);
    expect(messages(ended, "warning")).toEqual([moved]);
    expect(await outputs()).toMatchObject({ deletedCount: 5, apiVersion: "v5" });
    emulator.seed({ containers: { "pr-42": 3 } });
    mark();
    await destroy();
    expect(count("pr-42")).toBe(0);
    expect(requests().every(({ api }) => api === "v5")).toBe(true);
  });

  scenario("is destroyed over v5 after the end of v3, in any form, when it is pinned for that command", async () => {
    const { count, destroy, emulator } = await open({ program, writtenAfterUp: { "pr-42": 5 } });
    emulator.switchApi("v3", "blocked");

    await destroy({ env: { SUPERMEMORY_API_VERSION: "v5" } });

    expect(count("pr-42")).toBe(0);
  });

  scenario("stays on v3 when one list fails", async () => {
    const { count, destroy, emulator, receipts } = await open({ program, writtenAfterUp: { "pr-42": 5 } });
    emulator.addFault({ match: { api: "v3" }, then: { kind: "notFound", as: "html" } });

    await destroy();

    expect(count("pr-42")).toBe(0);
    expect(receipts().at(-1)).toMatchObject({ apiVersion: "v3" });
  });
});

describeScenarios("A stack that relies on what only v3 can check, after the end of v3", [v3], ({ open, scenario }) => {
  const shared = { containerTags: ["pr-42"], deleteBy: "ids", sharedDocuments: "keep" };

  scenario("is warned by each up, refused by the destroy, and destroyed after an up without the argument", async () => {
    const bed = await open({ program: purgeProgram(shared), writtenAfterUp: { "pr-42": 5 } });
    const { count, deletes, destroy, emulator, project, stack, up } = bed;
    emulator.switchApi("v3", "gone");

    const unchanged = await up();
    const refused = expectFailed(await stack.destroy({ ...direct, env: { SUPERMEMORY_API_VERSION: "v5" } }));

    expect(messages(unchanged, "warning").join()).toContain("so a destroy will be refused");
    for (const part of ["remove sharedDocuments from the program", "SUPERMEMORY_PURGE=skip"]) {
      expect(refused.output).toContain(part);
    }
    expect(deletes()).toEqual([]);
    project.setProgram(purgeProgram({ containerTags: ["pr-42"], deleteBy: "ids" }));
    await up();
    await destroy({ env: { SUPERMEMORY_API_VERSION: "v5" } });
    expect(count("pr-42")).toBe(0);
  });

  scenario("is refused where v3 saw documents with a protected tag, until v5 is accepted", async () => {
    const { count, deletes, destroy, emulator, stack, up } = await open({
      program: purgeProgram({ containerTags: ["pr-42"], deleteBy: "ids" }),
      emulator: { seed: { containers: { "pr-42": { documents: [{}, { alsoIn: ["eu-prod"] }] } } } },
    });
    await up();
    emulator.switchApi("v3", "gone");
    const before = deletes().length;

    const refused = expectFailed(await stack.destroy(direct));

    expect(refused.output).toContain("set SUPERMEMORY_API_VERSION=v5 for this command");
    expect([deletes().length, count("eu-prod")]).toEqual([before, 1]);
    await destroy({ env: { SUPERMEMORY_API_VERSION: "v5" } });
    expect(count("pr-42")).toBe(0);
  });
});

describeScenarios("A purge during which v3 is switched off", [v3], ({ open, scenario }) => {
  scenario("at a delete ends incomplete, and the next up deletes the rest over v5", async () => {
    const config = { "supermemory:concurrency": "1" };
    const two = purgeProgram({ containerTags: ["pr-42", "pr-43"] });
    const written = { "pr-42": 24, "pr-43": 9 };
    const { count, emulator, outputs, stack, up } = await open({ program: two, config, written });
    emulator.addFault({ match: { route: "documents.deleteBulk" }, nth: 2, then: { kind: "switchOff", as: "gone" } });

    const failed = expectFailed(await stack.up(direct));

    // The purge keeps the version that its first list decided, so it cannot continue on v5.
    expect(failed.output).toContain("API v3 was switched off during this operation");
    expect([count("pr-42"), count("pr-43")]).toEqual([0, 9]);
    expect(await outputs()).toMatchObject({ deletedCount: 24, pending: [{ containerTag: "pr-43", event: "create" }] });
    await up();
    expect(count("pr-43")).toBe(0);
    expect(await outputs()).toMatchObject({ deletedCount: 9, totalDeletedCount: 33, pending: [], apiVersion: "v5" });
  });
});
