import type { FaultRule } from "../../../emulator/index";
import { deployed, startStack } from "../support/host-stack";
import { mutations, type SeedContainers } from "../support/host-emulator";
import { containing } from "../support/host-matchers";

const managed = { containerTags: ["pr-42"], purgeOn: ["delete"] };
const down = "http://127.0.0.1:9";

const log = { metadata: { kind: "log" } };
const logs = { documents: [log, log, { metadata: { kind: "note" } }] };
const shared = { documents: [{ alsoIn: ["tenant-7"] }, {}, {}] };
const both = { "pr-42": 113, "pr-43": 4 };
const two = { containerTags: ["pr-42", "pr-43"] };

describe("a refresh reports the number of documents, and what a destroy does with them:", () => {
  test.each<[string, SeedContainers, object, string]>([
    ["all", { "pr-42": 5 }, {}, "5 documents in pr-42; destroy will delete them"],
    ["one document", { "pr-42": 1 }, {}, "1 document in pr-42; destroy will delete it"],
    ["none", {}, {}, "no documents in pr-42"],
    ["without delete in purgeOn", { "pr-42": 5 }, { purgeOn: [] }, "5 documents in pr-42; destroy will keep them"],
    ["several tags", both, two, "117 documents (pr-42: 113, pr-43: 4); destroy will delete them"],
    [
      "a part",
      { "pr-42": logs },
      { select: log },
      "3 documents in pr-42; destroy will delete 2 of them; keeps 1 document: not selected",
    ],
    [
      "the container itself",
      { "pr-42": 5 },
      { scope: "container" },
      "5 documents in pr-42; destroy will delete the container with its memories and documents",
    ],
    [
      "documents of another container too",
      { "pr-42": shared },
      {},
      "3 documents in pr-42; destroy will delete them; 1 of them also in tenant-7",
    ],
    [
      "documents of another container, which are kept",
      { "pr-42": shared },
      { sharedDocuments: "keep" },
      "3 documents in pr-42; destroy will delete 2 of them; keeps 1 document: also in other containers",
    ],
    [
      "drift",
      { "pr-42": 5 },
      { purgeOn: ["drift"] },
      "5 documents in pr-42; up will delete them (drift); destroy will keep them",
    ],
    [
      "drift and delete",
      { "pr-42": 5 },
      { purgeOn: ["drift", "delete"] },
      "5 documents in pr-42; up will delete them (drift); destroy will delete them",
    ],
  ])("%s", async (_what, containers, how, line) => {
    const { emulator, stack } = await deployed(containers, { ...managed, ...how });
    for (let round = 1; round <= 2; round += 1) expect((await stack.refresh()).lines).toEqual([line]);
    const deletes = line.includes("destroy will delete");
    await stack.destroy();
    expect(mutations(emulator).length > 0).toBe(deletes);
  });

  test("with SUPERMEMORY_PURGE=skip", async () => {
    const { stack } = await deployed({ "pr-42": 5 }, managed);
    const line = "5 documents in pr-42; destroy will keep them (SUPERMEMORY_PURGE=skip)";
    expect((await stack.refresh({ SUPERMEMORY_PURGE: "skip" })).lines).toEqual([line]);
  });

  test("a removed tag whose purge is pending counts, and is not in documentCount", async () => {
    const { stack } = await deployed(both, { ...managed, ...two });
    await stack.up(managed, { SUPERMEMORY_PURGE: "skip" });
    expect((await stack.refresh()).lines).toEqual(["117 documents (pr-42: 113, pr-43: 4); destroy will delete them"]);
    expect(stack.outputs).toMatchObject({ documentCount: 113 });
  });

  test.each<[string, object, object, string]>([
    ["the tag became protected", { SUPERMEMORY_PROTECTED_TAGS: "pr-42" }, {}, '"pr-42" is protected'],
    ["the state belongs to another project", { PULUMI_PROJECT: "blog" }, {}, "the state of this resource belongs to"],
    ["a newer version wrote the state", {}, { keepNewest: 3 }, "the stored state of this resource contains keepNewest"],
  ])("not what a destroy does if it would be refused, because %s", async (_why, env, recorded, reason) => {
    const { emulator, stack } = await deployed({ "pr-42": 5 }, managed);
    if (stack.stored !== undefined) stack.stored = { ...stack.stored, outputs: { ...stack.outputs, ...recorded } };
    const { lines } = await stack.refresh({ ...env });
    expect(lines).toEqual(["5 documents in pr-42", containing(`warning: pulumi destroy would fail: ${reason}`)]);
    expect((await stack.destroy({ ...env })).error).toContain(reason);
    expect(mutations(emulator)).toEqual([]);
  });
});

describe("read", () => {
  test("counts again, and changes nothing else", async () => {
    const { before, emulator, stack } = await deployed({ "pr-42": 5 }, { ...managed, triggers: { a: 1 } });
    emulator.seed({ containers: { "pr-42": 4 } });
    const { changes, error, lines } = await stack.refresh();
    expect([changes, error, lines]).toEqual([false, undefined, ["9 documents in pr-42; destroy will delete them"]]);
    expect(stack.outputs).toEqual({ ...before, documentCount: 9 });
    expect(mutations(emulator)).toEqual([]);
  });

  test("keeps what is pending", async () => {
    const { stack } = await startStack({ "pr-42": 5 });
    await stack.up({ containerTags: ["pr-42"] }, { SUPERMEMORY_PURGE: "skip" });
    expect((await stack.refresh()).changes).toBe(true);
    expect(stack.outputs).toMatchObject({ pending: [{ containerTag: "pr-42", event: "create" }], documentCount: 5 });
  });

  test.each<[string, object, readonly FaultRule["then"][]]>([
    ["the API is down", { SUPERMEMORY_BASE_URL: down, SUPERMEMORY_ACCEPT_BASE_URL: down }, []],
    ["there is no key", { SUPERMEMORY_API_KEY: undefined }, []],
    ["the key is wrong", { SUPERMEMORY_API_KEY: "sm_wrong" }, []],
    ["the configuration is wrong", { SUPERMEMORY_BASE_URL: "nonsense" }, []],
    ["a variable is wrong", { SUPERMEMORY_PURGE: "nonsense" }, []],
    ["the response is not JSON", {}, [{ kind: "notJson" }]],
    ["the response has another shape", {}, [{ kind: "wrongShape", body: { memories: [], pagination: {} } }]],
  ])("warns and returns what was known when %s", async (_case, env, faults) => {
    const { before, emulator, stack } = await deployed({ "pr-42": 5 }, managed);
    for (const then of faults) emulator.addFault({ match: { method: "POST" }, times: Infinity, then });
    const { error, lines } = await stack.refresh({ ...env });
    expect([error, stack.outputs]).toEqual([undefined, before]);
    expect(lines.at(-1)).toContain("warning: cannot count the documents in pr-42: ");
    expect(lines.join()).not.toContain("nothing was deleted");
  });

  test("records the address that a create could not reach, once it has a list", async () => {
    const { emulator, stack } = await startStack({ "pr-42": 5 });
    await stack.up(managed, { SUPERMEMORY_API_KEY: undefined });
    expect(stack.outputs).toMatchObject({ baseUrl: null, keyId: null, apiVersion: null, documentCount: null });
    await stack.refresh();
    const seen = { baseUrl: emulator.url, keyId: "8a47748f", apiVersion: "v3", documentCount: 5 };
    expect(stack.outputs).toMatchObject(seen);
  });
});
