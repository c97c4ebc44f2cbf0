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

    expect(messages(preview, "info")).toEqual([expect.stringMatching(/^will delete 120 documents in pr-42/)]);
    expect(count("pr-42")).toBe(0);
    expect(await outputs()).toMatchObject({ deletedCount: 120, apiVersion: "v5" });
    await write("pr-42", 17);
    mark();
    await destroy();
    expect(count("pr-42")).toBe(0);
    expect(requests().every(({ api }) => api === "v5")).toBe(true);
    expect(receipts().at(-1)).toMatchObject({ deletedCount: 17, apiVersion: "v5" });
  });

  scenario("is destroyed over v5 when v3 was switched off after the last up", async () => {
    const { count, destroy, emulator } = await open({ program, writtenAfterUp: { "pr-42": 5 } });
    emulator.switchApi("v3", "gone");

    await destroy();

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
