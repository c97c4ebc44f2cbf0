import { openEmulator } from "../wire/emulator";
import { v3 } from "./support/apis";
import { idle } from "./support/idle";
import { runTsx } from "./support/node";
import { direct, expectFailed, expectOk, messages } from "./support/runs";
import { describeScenarios } from "./support/scenarios";

/** What examples/<folder>/README.md promises, with the files of that folder. */
const example = (folder: string) => ({ example: `examples/${folder}` });

describeScenarios("The example quickstart", [v3], ({ open, scenario }) => {
  scenario("counts, purges on up, and purges on destroy what was written since", async () => {
    const { count, deletes, mark, stack, write } = await open({
      program: example("quickstart"),
      written: { quickstart: 24 },
    });
    mark();

    const preview = await stack.preview();

    expectOk(preview);
    expect(messages(preview, "info")[0]).toMatch(/^will delete 24 documents in quickstart \(limit 500\)/);
    expect(deletes()).toEqual([]);
    expectOk(await stack.up(direct));
    expect(await stack.outputs()).toEqual({ deletedCount: 24 });
    await write("quickstart", 3);
    const run = await stack.destroy(direct);
    expectOk(run);
    expect(messages(run, "info")[0]).toMatch(/^deleted 3 documents in quickstart in .*, 27 over its life$/);
    expect(count("quickstart")).toBe(0);
  });

  scenario("says which setting lacks when there is no key", async () => {
    const { requests, mark, stack } = await open({ program: example("quickstart"), env: { SUPERMEMORY_API_KEY: "" } });
    mark();

    const run = await stack.up();

    expectFailed(run);
    expect(run.output).toContain("SUPERMEMORY_API_KEY");
    expect(requests()).toEqual([]);
  });
});

describeScenarios("The example ephemeral-environment", [v3], ({ open, scenario }) => {
  scenario("makes a container for its application, and empties it when the stack is destroyed", async () => {
    const { count, emulator, project, receipts, stack } = await open({
      program: example("ephemeral-environment"),
      stack: "pr-42",
      written: { "shop:pr-42": 4, "shop:pr-43": 9 },
    });

    expectOk(await stack.up());
    expect(await stack.outputs()).toEqual({ containerTag: "shop:pr-42", deletedCount: 4 });
    const application = await runTsx(["app.ts"], project.projectDir, {
      SUPERMEMORY_CONTAINER_TAG: "shop:pr-42",
      SUPERMEMORY_API_KEY: emulator.apiKey,
      SUPERMEMORY_BASE_URL: emulator.url,
    });
    expect(application).toEqual({ exitCode: 0, output: "the application wrote 10 documents to shop:pr-42\n" });
    // As with each push to the pull request: what was written stays.
    expectOk(await stack.up(direct));
    expect(count("shop:pr-42")).toBe(10);
    const run = await stack.destroy(direct);

    expectOk(run);
    expect(messages(run, "info")[0]).toMatch(/^deleted 10 documents in shop:pr-42 in .*, 14 over its life$/);
    expect([count("shop:pr-42"), count("shop:pr-43")]).toEqual([0, 9]);
    expect(receipts()).toMatchObject([{ deletedCount: 4 }, { deletedCount: 10 }]);
  });

  scenario("purges at night what environments of closed pull requests have left", async () => {
    const { count, stack } = await open({
      program: example("ephemeral-environment/nightly"),
      stack: "nightly",
      emulator: {
        seed: { containers: { "shop:pr-7": idle(30, 6), "shop:pr-8": idle(3, 5), "shop:dev": idle(60, 2) } },
      },
    });

    const run = await stack.up();

    expectOk(run);
    expect(await stack.outputs()).toEqual({
      deletedCount: 6,
      purged: [{ containerTag: "shop:pr-7", deletedCount: 6 }],
    });
    expect(["shop:pr-7", "shop:pr-8", "shop:dev"].map(count)).toEqual([0, 5, 2]);
  });
});

describeScenarios("The example cleanup-policy", [v3], ({ open, scenario }) => {
  scenario("names what it will purge, purges it, and is unchanged until there is more", async () => {
    const containers = {
      "pr-12": idle(61, 40),
      "test-7": idle(16, 9),
      "pr-21": idle(3, 5),
      "pr-demo-1": idle(90, 2),
      "tenant-7": idle(90, 7),
    };
    const { count, deletes, mark, stack } = await open({
      program: example("cleanup-policy"),
      stack: "nightly",
      emulator: { seed: { containers } },
    });

    const preview = await stack.preview();

    expectOk(preview);
    expect(messages(preview, "info")).toEqual([
      [
        "will delete 49 documents in 2 containers (limits 5,000 and 30)",
        "  pr-12: 40 documents, matches pr-*, last active 61 days ago",
        "  test-7: 9 documents, matches test-*, last active 16 days ago",
        "left out: pr-demo-1 (excepted), pr-21 (active 3 days ago), pr-4 and pr-420 (active just now)",
      ].join("\n"),
    ]);
    expect(deletes()).toEqual([]);
    expectOk(await stack.up());
    expect(await stack.outputs()).toMatchObject({ deletedCount: 49 });
    expect(Object.keys(containers).map(count)).toEqual([0, 0, 5, 2, 7]);
    mark();
    const again = await stack.up();
    expectOk(again);
    expect(again.steps.map(({ op }) => op)).toEqual(["same", "same"]);
    expectOk(await stack.destroy(direct));
    expect(deletes()).toEqual([]);
  });
});

describeScenarios("The example two-organizations", [v3], ({ current, open, scenario }) => {
  scenario("purges in each organization with its own key, also after one of them was rotated", async () => {
    const partner = await openEmulator({
      apiKeys: [{ key: "key-of-the-partner-1" }, { key: "key-of-the-partner-2" }],
      seed: { containers: { "review-dev": 5, production: 3 } },
    });
    try {
      const { count, stack, write } = await open({
        program: example("two-organizations"),
        written: { "review-dev": 4 },
        config: {
          "two-organizations:partnerKey": { secret: "key-of-the-partner-1" },
          "two-organizations:partnerUrl": partner.url,
        },
      });

      const run = await stack.up();

      expectOk(run);
      expect(await stack.outputs()).toEqual({ deletedCounts: { ours: 4, theirs: 5 } });
      expect([count("review-dev"), partner.containers()]).toEqual([0, { "review-dev": 0, production: 3 }]);
      for (const text of [run.output, await stack.rawState(), JSON.stringify(current().receipts())]) {
        expect(text).not.toContain("key-of-the-partner");
      }
      await write("review-dev", 2);
      partner.seed({ containers: { "review-dev": 1 } });
      const rotated = { SUPERMEMORY_PURGE_API_KEY_PARTNER: "key-of-the-partner-2" };
      expectOk(await stack.destroy({ ...direct, env: rotated }));
      expect([count("review-dev"), partner.containers()]).toEqual([0, { "review-dev": 0, production: 3 }]);
      const used = partner.requests.filter(({ method }) => method === "DELETE").map(({ keyId }) => keyId);
      expect(new Set(used).size).toBe(2);
    } finally {
      await partner.close();
    }
  });

  scenario("is refused to a stack with a protected name, and deletes nothing", async () => {
    const { deletes, emulator, stack } = await open({
      program: example("two-organizations"),
      stack: "prod",
      written: { "review-prod": 4 },
    });
    await stack.setConfig("two-organizations:partnerKey", { secret: emulator.apiKey });

    const run = await stack.up();

    expectFailed(run);
    expect(run.output).toContain(`refusing to purge "review-prod": its segment "prod" marks it as protected`);
    expect(deletes()).toEqual([]);
  });
});

describeScenarios("The example automation-api", [v3], ({ open, scenario }) => {
  scenario("has a program whose container goes with its stack", async () => {
    const { count, stack, write } = await open({ program: example("automation-api"), stack: "run-1a2b" });
    expectOk(await stack.up(direct));
    expect(await stack.outputs()).toEqual({ containerTag: "assistant-tests:run-1a2b" });
    await write("assistant-tests:run-1a2b", 2);

    expectOk(await stack.destroy(direct));

    expect(count("assistant-tests:run-1a2b")).toBe(0);
  });
});
