import { v3 } from "./support/apis";
import { direct, expectOk, messages, purgeProgram } from "./support/runs";
import { describeScenarios } from "./support/scenarios";

describeScenarios("A stack that moves to v5", [v3], ({ current, open, scenario }) => {
  scenario("purges over v5 alone once it names it, from the first up to destroy, page by page", async () => {
    const config = { "supermemory:apiVersion": "v5" };
    const { count, requests, stack, write } = await open({
      program: purgeProgram({ containerTags: ["pr-42"] }),
      config,
      written: { "pr-42": 120 },
    });

    const preview = await stack.preview();
    const run = await stack.up(direct);

    expect(messages(preview, "info")).toEqual([expect.stringMatching(/^will delete 120 documents in pr-42/)]);
    expectOk(run);
    expect(count("pr-42")).toBe(0);
    expect((await current().resource()).outputs).toMatchObject({ deletedCount: 120, apiVersion: "v5" });
    await write("pr-42", 17);
    current().mark();
    expectOk(await stack.destroy(direct));
    expect(count("pr-42")).toBe(0);
    expect(requests().every((request) => request.api === "v5")).toBe(true);
    expect(current().receipts().at(-1)).toMatchObject({ deletedCount: 17, apiVersion: "v5" });
  });

  scenario("purges over v5 when v3 goes away in the middle of an up, and counts nothing twice", async () => {
    const { count, emulator, stack } = await open({
      program: purgeProgram({ containerTags: ["pr-42", "pr-43"] }),
      written: { "pr-42": 24, "pr-43": 9 },
    });
    emulator.addFault({ match: { route: "documents.deleteBulk" }, nth: 2, then: { kind: "switchOff", as: "gone" } });

    const run = await stack.up(direct);

    expectOk(run);
    expect([count("pr-42"), count("pr-43")]).toEqual([0, 0]);
    expect((await current().resource()).outputs).toMatchObject({
      deletedCount: 33,
      totalDeletedCount: 33,
      apiVersion: "v5",
    });
  });

  scenario("purges over v5 at destroy, after v3 was switched off since the up", async () => {
    const { count, emulator, stack, write } = await open({ program: purgeProgram({ containerTags: ["pr-42"] }) });
    expectOk(await stack.up(direct));
    await write("pr-42", 5);
    emulator.switchApi("v3", "gone");

    expectOk(await stack.destroy(direct));

    expect(count("pr-42")).toBe(0);
  });
});
