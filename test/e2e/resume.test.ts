import type { FaultRule } from "../../emulator";
import { everyApi } from "./support/apis";
import { direct, expectFailed, expectOk, messages, purgeProgram } from "./support/runs";
import { describeScenarios } from "./support/scenarios";

/** The API refuses the delete of one of the two containers, once. */
const forbidden: FaultRule = {
  match: { method: "DELETE", containerTag: "pr-42-cache" },
  then: { kind: "wrongShape", status: 403, body: { error: "Forbidden" }, when: "beforeEffect" },
};
const both = purgeProgram({ containerTags: ["pr-42", "pr-42-cache"] });
const one = purgeProgram({ containerTags: ["pr-42"] });

describeScenarios("A purge that failed halfway", everyApi, ({ current, open, scenario }) => {
  scenario("says what it did and what remains, and the next up does the rest", async () => {
    const { count, stack } = await open({
      program: both,
      written: { "pr-42": 4, "pr-42-cache": 9 },
      emulator: { faults: [forbidden] },
    });

    const failed = await stack.up(direct);

    expectFailed(failed);
    expect(failed.output).toContain(
      "deleted 4 of 13 documents (pr-42: 4 of 4, pr-42-cache: 0 of 9), then the key has no right to delete documents (403)",
    );
    expect(failed.output).toContain("9 remain");
    expect(count("pr-42-cache")).toBe(9);
    expect((await current().resource()).outputs).toMatchObject({
      deletedCount: 4,
      pending: [{ containerTag: "pr-42-cache", event: "create" }],
    });

    const preview = await stack.preview();
    expect(messages(preview, "info")).toEqual([
      "will delete 9 documents in pr-42-cache (left undone before; limit 10,000)",
    ]);
    expectOk(await stack.up(direct));
    expect(count("pr-42-cache")).toBe(0);
    expect((await current().resource()).outputs).toMatchObject({ deletedCount: 9, totalDeletedCount: 13, pending: [] });
  });

  scenario("is resumed by the next up also after a refresh", async () => {
    const { count, stack } = await open({
      program: both,
      written: { "pr-42": 4, "pr-42-cache": 9 },
      emulator: { faults: [forbidden] },
    });
    expectFailed(await stack.up(direct));
    expectOk(await stack.refresh(direct));

    const run = await stack.up(direct);

    expectOk(run);
    expect(count("pr-42-cache")).toBe(0);
    expect((await current().resource()).outputs).toMatchObject({ totalDeletedCount: 13, pending: [] });
  });

  scenario("is finished by destroy when it was the removal of a tag", async () => {
    const { count, emulator, project, stack, write } = await open({ program: both });
    expectOk(await stack.up(direct));
    await write("pr-42-cache", 9);
    emulator.addFault(forbidden);
    project.setProgram(one);
    expectFailed(await stack.up(direct));
    expect((await current().resource()).outputs).toMatchObject({
      containerTags: ["pr-42"],
      pending: [{ containerTag: "pr-42-cache", event: "delete" }],
    });
    expect(count("pr-42-cache")).toBe(9);

    expectOk(await stack.destroy(direct));

    expect(count("pr-42-cache")).toBe(0);
  });

  scenario("is given up, with a line that says so, when a removed tag comes back", async () => {
    const { count, deletes, emulator, mark, project, stack, write } = await open({
      v3Ends: "at a list",
      program: both,
    });
    expectOk(await stack.up(direct));
    await write("pr-42-cache", 9);
    emulator.addFault(forbidden);
    project.setProgram(one);
    expectFailed(await stack.up(direct));
    mark();
    project.setProgram(both);

    const run = await stack.up(direct);

    expectOk(run);
    expect(messages(run, "info")).toEqual([
      "the unfinished purge of pr-42-cache (delete) is given up: it is in containerTags again",
    ]);
    expect(deletes()).toEqual([]);
    expect(count("pr-42-cache")).toBe(9);
    expect((await current().resource()).outputs).toMatchObject({
      containerTags: ["pr-42", "pr-42-cache"],
      pending: [],
    });
  });

  scenario("keeps the resource when it was the destroy, and a second destroy finishes", async () => {
    const { count, emulator, stack, write } = await open({ program: both });
    expectOk(await stack.up(direct));
    await write("pr-42", 4);
    await write("pr-42-cache", 9);
    emulator.addFault(forbidden);

    const failed = await stack.destroy(direct);

    expectFailed(failed);
    expect(failed.output).toContain("deleted 4 of 13 documents (pr-42: 4 of 4, pr-42-cache: 0 of 9)");
    expectOk(await stack.destroy(direct));
    expect([count("pr-42"), count("pr-42-cache")]).toEqual([0, 0]);
  });
});
