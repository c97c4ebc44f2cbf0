import { everyApi } from "./support/apis";
import { direct, expectOk, messages, purgeProgram } from "./support/runs";
import { describeScenarios } from "./support/scenarios";

describeScenarios("With drift in purgeOn", everyApi, ({ current, open, scenario }) => {
  scenario(
    "up --refresh purges a container in which documents have appeared again, and an up alone does not",
    async () => {
      const program = purgeProgram({ containerTags: ["pr-42"], purgeOn: ["create", "drift"] });
      const { count, stack, write } = await open({ program });
      expectOk(await stack.up(direct));
      await write("pr-42", 6);
      expectOk(await stack.up(direct));
      expect(count("pr-42")).toBe(6);

      const preview = await stack.preview({ refresh: true });
      const run = await stack.up({ ...direct, refresh: true });

      expectOk(preview);
      expect(messages(preview, "info")).toContain("will delete 6 documents in pr-42 (drift; limit 10,000)");
      expectOk(run);
      expect(count("pr-42")).toBe(0);
      expect((await current().resource()).outputs).toMatchObject({ deletedCount: 6, lastPurgeEvent: "drift" });
      expect((await current().resource()).outputs).not.toHaveProperty("__drift");
    },
  );
});
