import { v3 } from "./support/apis";
import { expectOk, messages, purgeProgram } from "./support/runs";
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

  scenario("purges over v5 when v3 is switched off before its first list is answered", async () => {
    const { count, emulator, outputs, stack } = await open({ program, written: { "pr-42": 24 } });
    emulator.addFault({ match: { route: "documents.list" }, then: { kind: "switchOff", as: "gone" } });

    expectOk(await stack.up());

    expect(count("pr-42")).toBe(0);
    expect(await outputs()).toMatchObject({ deletedCount: 24, apiVersion: "v5" });
  });
});
