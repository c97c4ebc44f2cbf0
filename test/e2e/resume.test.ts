import type { FaultRule } from "../../emulator";
import { bothApis } from "./support/apis";
import { direct, expectFailed, expectOk, messages, purgeProgram } from "./support/runs";
import { describeScenarios } from "./support/scenarios";

/** The API refuses the delete of one of the two containers, once. */
const forbidden: FaultRule = {
  match: { method: "DELETE", containerTag: "pr-42-cache" },
  then: { kind: "wrongShape", status: 403, body: { error: "Forbidden" }, when: "beforeEffect" },
};
const program = purgeProgram({ containerTags: ["pr-42", "pr-42-cache"] });
const written = { "pr-42": 4, "pr-42-cache": 9 };

describeScenarios("A purge that failed halfway", bothApis, ({ open, scenario }) => {
  scenario(
    "reports what was deleted and what remains, and the next up deletes the rest, even after a refresh",
    async () => {
      const { count, outputs, stack, up } = await open({ program, written, emulator: { faults: [forbidden] } });

      const failed = expectFailed(await stack.up(direct));

      expect(failed.output).toMatch(/deleted 4 of 13 documents \(pr-42: 4 of 4, pr-42-cache: 0 of 9\).*\(403\)/);
      expect(failed.output).toMatch(/9 (remain|were not)/);
      expect(count("pr-42-cache")).toBe(9);
      const pending = [{ containerTag: "pr-42-cache", event: "create" }];
      expect(await outputs()).toMatchObject({ deletedCount: 4, pending });
      const preview = await stack.preview();
      expect(messages(preview, "info")).toEqual([expect.stringMatching(/^will delete 9 documents in pr-42-cache \(/)]);
      // A refresh keeps what is pending.
      expectOk(await stack.refresh(direct));
      await up();
      expect(count("pr-42-cache")).toBe(0);
      expect(await outputs()).toMatchObject({ deletedCount: 9, totalDeletedCount: 13, pending: [] });
    },
  );

  scenario("keeps the resource when it was a destroy, and the next destroy deletes the rest", async () => {
    const { count, destroy, emulator, stack } = await open({ program, writtenAfterUp: written });
    emulator.addFault(forbidden);

    const failed = expectFailed(await stack.destroy(direct));

    expect(failed.output).toContain("deleted 4 of 13 documents (pr-42: 4 of 4, pr-42-cache: 0 of 9)");
    await destroy();
    expect([count("pr-42"), count("pr-42-cache")]).toEqual([0, 0]);
  });
});
