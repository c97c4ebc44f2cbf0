import type { EmulatorOptions, Fault } from "../../emulator/index";
import { type Reply, send, start } from "../emulator/support/running";
import { commandLine } from "../official/clients";
import { tolerated, type ToleratedName } from "./tolerated";

const withDocuments = globalThis.wireAuditor === undefined ? test.skip : test;
const seed = { containers: { "pr-42": 2, bystander: 1 } };
const documents = "/ns/pr-42/document";

/** A case that needs the row, for each row. A row without a case does not compile. */
const cases: Readonly<Record<ToleratedName, () => Promise<unknown>>> = {
  "a bad request that is refused": () => ask({}, "POST", "/v3/documents/list", { limit: "x" }),
  "a bad request to an API version that is switched off": () =>
    ask(faulty({ kind: "switchOff" }), "POST", "/v3/nothing", {}),
  "a body that is ignored": () => ask({}, "DELETE", "/ns/pr-42", { moveTo: "pr-43" }),
  "an unknown query parameter": () => ask({}, "GET", "/v3/container-tags/list?unknown=1"),
  "a route that only the command line uses": () => commands("whoami"),
  "a key in x-api-key": () => commands("tags", "list"),
  "400 where v3 lists none": () => ask({}, "POST", "/v3/documents", { content: 1 }),
  "403 where v3 lists none": () => ask({ apiKeys: [{ key: "k", canDelete: false }] }, "DELETE", ...bulk()),
  "404 that names a container": () => ask({ unknownTag: "notFound" }, "DELETE", ...bulk("unknown")),
  "409 where none is listed": () => ask(faulty({ kind: "busy" }), "DELETE", ...bulk()),
  "429": () => ask(faulty({ kind: "rateLimit" }), "GET", "/namespaces"),
  "404 and 501 for what is not emulated": () => ask({}, "DELETE", "/ns/pr-42/memories", { ids: ["a"], reason: "b" }),
  "an API version that is switched off": () => ask({ v3: "gone" }, "DELETE", ...bulk()),
  "deletedCount in place of count": () => ask({ countField: "deletedCount" }, "DELETE", documents, { ids: ["a"] }),
  "success in a deletion of v5": () => ask({ successFlag: true }, "DELETE", documents, { ids: ["a"] }),
  "the fault serverError": () => ask(faulty({ kind: "serverError", status: 502 }), "DELETE", ...bulk()),
  "the fault notFound": () => ask(faulty({ kind: "notFound", as: "html" }), "DELETE", ...bulk()),
  "the fault notJson": () => ask(faulty({ kind: "notJson" }), "DELETE", ...bulk()),
  "the fault refusal": () =>
    ask(faulty({ kind: "refusal", status: 303, as: "html", when: "beforeEffect" }), "DELETE", ...bulk()),
  "the fault wrongShape": () => ask(faulty({ kind: "wrongShape", body: { deleted: 1 } }), "DELETE", ...bulk()),
};

describe("a tolerated deviation is not reported, and its row is needed:", () => {
  withDocuments.each(names())("%s", async (name) => {
    const before = hits(name);
    await cases[name]();
    expect(hits(name)).toBeGreaterThan(before);
    expect(globalThis.wireAuditor?.take()).toBe("");
  });

  withDocuments(
    "403 where v3 lists none is tolerated with each fault that leaves a request its own response",
    async () => {
      const before = hits("403 where v3 lists none");
      const faults: readonly Fault[] = [
        { kind: "slow", ms: 1 },
        { kind: "partial", documents: 1 },
        { kind: "lateWriter", documents: 1, containerTag: "pr-42" },
        { kind: "lateDeleter", documents: 1, containerTag: "pr-42" },
        { kind: "listLag", lists: 1 },
        { kind: "switchOff", when: "afterEffect" },
      ];
      for (const then of faults)
        await ask({ apiKeys: [{ key: "k", canDelete: false }], faults: [{ then }] }, "DELETE", ...bulk());
      expect(hits("403 where v3 lists none")).toBe(before + faults.length);
      expect(globalThis.wireAuditor?.take()).toBe("");
    },
  );

  test("no row tolerates a request of the package", () => {
    const senders: readonly string[] = Object.values(tolerated).flatMap((row) => row.senders);
    expect(senders).not.toContain("package");
    expect(senders.length).toBeGreaterThan(0);
  });
});

function names(): readonly ToleratedName[] {
  return Object.keys(cases).filter((name): name is ToleratedName => name in tolerated);
}

function hits(name: string): number {
  return globalThis.wireAuditor?.hits.get(name) ?? 0;
}

function faulty(then: Fault): EmulatorOptions {
  return { faults: [{ then }] };
}

function bulk(containerTag = "pr-42"): [path: string, body: unknown] {
  return ["/v3/documents/bulk", { containerTags: [containerTag] }];
}

async function ask(options: EmulatorOptions, method: string, path: string, body?: unknown): Promise<Reply> {
  const { emulator } = await start({ seed, ...options });
  const reply = await send(emulator, method, path, body);
  expect(emulator.documents("bystander")).toHaveLength(1);
  return reply;
}

async function commands(...words: readonly string[]): Promise<void> {
  const { emulator } = await start({ seed });
  expect((await commandLine(emulator, ...words)).code).toBe(0);
  expect(emulator.documents("bystander")).toHaveLength(1);
}
