import { openEmulator } from "../wire/emulator";
import { v3 } from "./support/apis";
import { idle } from "./support/idle";
import { runTsx } from "./support/node";
import { expectOk, messages } from "./support/runs";
import { describeScenarios } from "./support/scenarios";

/** What the README of examples/<folder> promises, with the files of that folder. */
const example = (folder: string) => ({ example: `examples/${folder}` });

describeScenarios("The example quickstart", [v3], ({ open, scenario }) => {
  scenario("shows above the prompt of a destroy how many documents it will delete, and deletes them", async () => {
    const tag = "supermemory-quickstart:dev";
    const bed = await open({ program: example("quickstart") });
    const { count, deletes, stack, up, write } = bed;
    await up();
    expect(await stack.outputs()).toEqual({ containerTag: tag, deletedCount: 0 });
    await write(tag, 77);

    const preview = expectOk(await stack.destroy({ previewOnly: true }));
    expect(messages(preview, "info")).toEqual([`77 documents in ${tag}; destroy will delete them`]);
    expect(deletes()).toEqual([]);
    // Nothing changed since this count, and the next one reports the number too.
    const run = await bed.destroy();

    const deleted: unknown = expect.stringMatching(/^deleted 77 documents in supermemory-quickstart:dev in /);
    expect(messages(run, "info")).toEqual([`77 documents in ${tag}; destroy will delete them`, deleted]);
    expect(count(tag)).toBe(0);
  });
});

describeScenarios("The example ephemeral-environment", [v3], ({ open, scenario }) => {
  scenario("has a container for its application, and empties it when the stack is destroyed", async () => {
    const written = { "shop:pr-42": 4, "shop:pr-43": 9 };
    const bed = await open({ program: example("ephemeral-environment"), stack: "pr-42", written });
    const { count, destroy, emulator, project, receipts, stack, up } = bed;

    expectOk(await stack.up());
    expect(await stack.outputs()).toEqual({ containerTag: "shop:pr-42", deletedCount: 4 });
    const application = await runTsx(["app.ts"], project.projectDir, {
      SUPERMEMORY_CONTAINER_TAG: "shop:pr-42",
      SUPERMEMORY_API_KEY: emulator.apiKey,
      SUPERMEMORY_BASE_URL: emulator.url,
    });
    expect(application).toEqual({ exitCode: 0, output: "the application wrote 10 documents to shop:pr-42\n" });
    // Each push to the pull request runs another up, which keeps the documents.
    await up();
    expect(count("shop:pr-42")).toBe(10);
    const run = await destroy();

    expect(messages(run, "info")).toEqual([
      "10 documents in shop:pr-42; destroy will delete them",
      expect.stringMatching(/^deleted 10 documents in shop:pr-42 in .*\b14\b/),
    ]);
    expect([count("shop:pr-42"), count("shop:pr-43")]).toEqual([0, 9]);
    expect(receipts()).toMatchObject([{ deletedCount: 4 }, { deletedCount: 10 }]);
  });

  scenario("purges at night the containers of closed pull requests", async () => {
    const containers = { "shop:pr-7": idle(30, 6), "shop:pr-8": idle(3, 5), "shop:dev": idle(60, 2) };
    const nightly = { program: example("ephemeral-environment/nightly"), stack: "nightly" };
    const { count, stack } = await open({ ...nightly, emulator: { seed: { containers } } });

    expectOk(await stack.up());

    const purged = [{ containerTag: "shop:pr-7", deletedCount: 6 }];
    expect(await stack.outputs()).toEqual({ deletedCount: 6, purged });
    expect(["shop:pr-7", "shop:pr-8", "shop:dev"].map(count)).toEqual([0, 5, 2]);
  });
});

describeScenarios("The example cleanup-policy", [v3], ({ open, scenario }) => {
  scenario("lists its plan, carries it out, and is unchanged until there is more to delete", async () => {
    const containers = {
      "pr-12": idle(61, 40),
      "test-7": idle(16, 9),
      "pr-21": idle(3, 5),
      "pr-demo-1": idle(90, 2),
      "tenant-7": idle(90, 7),
    };
    const bed = await open({
      program: example("cleanup-policy"),
      stack: "nightly",
      emulator: { seed: { containers } },
    });
    const { count, deletes, destroy, mark, stack } = bed;

    const preview = expectOk(await stack.preview());

    const [plan = ""] = messages(preview, "info");
    expect(plan).toMatch(/^will delete 49 documents in 2 containers \(.*5,000.*30.*\)\n/);
    expect(plan).toMatch(/: pr-demo-1 .*, pr-21 \(active 3 days ago\), pr-4 and pr-420 \(active .*now\)$/);
    expect(deletes()).toEqual([]);
    expectOk(await stack.up());
    expect(await stack.outputs()).toMatchObject({ deletedCount: 49 });
    expect(Object.keys(containers).map(count)).toEqual([0, 0, 5, 2, 7]);
    mark();
    const again = expectOk(await stack.up());
    expect(again.steps.map(({ op }) => op).filter((op) => op !== "refresh")).toEqual(["same", "same"]);
    await destroy();
    expect(deletes()).toEqual([]);
  });
});

describeScenarios("The example two-organizations", [v3], ({ open, scenario }) => {
  scenario("purges each organization with its own key, even after one of the keys was rotated", async () => {
    const partner = await openEmulator({
      apiKeys: [{ key: "key-of-the-partner-1" }, { key: "key-of-the-partner-2" }],
      seed: { containers: { "review-dev": 5, production: 3 } },
    });
    try {
      const { count, destroy, receipts, stack, write } = await open({
        program: example("two-organizations"),
        written: { "review-dev": 4 },
        config: {
          "two-organizations:partnerKey": { secret: "key-of-the-partner-1" },
          "two-organizations:partnerUrl": partner.url,
        },
      });

      const run = expectOk(await stack.up());

      expect(await stack.outputs()).toEqual({ deletedCounts: { ours: 4, theirs: 5 } });
      expect([count("review-dev"), partner.containers()]).toEqual([0, { "review-dev": 0, production: 3 }]);
      for (const text of [run.output, await stack.rawState(), JSON.stringify(receipts())]) {
        expect(text).not.toContain("key-of-the-partner");
      }
      await write("review-dev", 2);
      partner.seed({ containers: { "review-dev": 1 } });
      const rotated = { SUPERMEMORY_PURGE_API_KEY_PARTNER: "key-of-the-partner-2" };
      await destroy({ env: rotated });
      expect([count("review-dev"), partner.containers()]).toEqual([0, { "review-dev": 0, production: 3 }]);
      const used = partner.requests.filter(({ method }) => method === "DELETE").map(({ keyId }) => keyId);
      expect(new Set(used).size).toBe(2);
    } finally {
      await partner.close();
    }
  });
});
