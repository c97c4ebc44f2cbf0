import { bothApis } from "./support/apis";
import { messages, purgeProgram } from "./support/runs";
import { describeScenarios } from "./support/scenarios";

const program = purgeProgram({ containerTags: ["pr-42"] });
const writtenAfterUp = { "pr-42": 4 };
const skip = { env: { SUPERMEMORY_PURGE: "skip" } };

describeScenarios("The teardown of a stack", bothApis, ({ open, scenario }) => {
  scenario("with SUPERMEMORY_PURGE=skip deletes nothing, and reports that", async () => {
    const { count, deletes, destroy, receipts } = await open({ program, writtenAfterUp });

    const run = await destroy(skip);

    expect(messages(run, "warning")).toEqual([expect.stringMatching(/^SUPERMEMORY_PURGE=skip: .*pr-42/)]);
    expect(deletes()).toEqual([]);
    expect(count("pr-42")).toBe(4);
    const pending = [{ containerTag: "pr-42", event: "delete" }];
    expect(receipts().at(-1)).toMatchObject({ result: "skipped", deletedCount: 0, pending });
  });

  scenario("follows an up with SUPERMEMORY_PURGE=skip, whose purge the next up makes up for", async () => {
    const { count, outputs, up } = await open({ program, written: { "pr-42": 4 } });
    await up(skip);
    expect(count("pr-42")).toBe(4);
    const pending = [{ containerTag: "pr-42", event: "create" }];
    expect(await outputs()).toMatchObject({ deletedCount: 0, pending });

    await up();

    expect(count("pr-42")).toBe(0);
    expect(await outputs()).toMatchObject({ deletedCount: 4, pending: [] });
  });
});
