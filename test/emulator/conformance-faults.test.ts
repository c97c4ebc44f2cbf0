import type { Emulator, EmulatorOptions, Fault } from "../../emulator/index";
import { send, start } from "./support/running";
import { findVendorSpec } from "./support/vendor-spec";

const specs = { v3: findVendorSpec("v3"), v5: findVendorSpec("v5") };
const withSpecs = specs.v3 === undefined || specs.v5 === undefined ? test.skip : test;

const seed = {
  containers: {
    "pr-42": { documents: [{ metadata: { a: 1 } }, { statusUnknown: true }, {}], memories: 2 },
    bystander: { documents: 1, memories: 1 },
  },
};

const bulk = "DELETE /v3/documents/bulk";
const container = "DELETE /v3/container-tags/{containerTag}";
const documents = "DELETE /ns/{namespace}/document";
const namespace = "DELETE /ns/{namespace}";
const list = "POST /v3/documents/list";
const resources = "POST /ns/{namespace}/list/{type}";
const tags = { containerTags: ["pr-42"] };
const partly = { kind: "partial", leaves: { first: 1 }, reason: "Internal error" } as const;
const wholly = { kind: "partial", success: false, documents: 1, claims: 3 } as const;

type Body = Readonly<Record<string, unknown>> | "ids" | undefined;
type Case = [endpoint: string, body: Body, then: Fault | undefined, options?: EmulatorOptions, status?: number];

const cases: readonly Case[] = [
  [bulk, "ids", partly],
  [bulk, "ids", wholly],
  [bulk, "ids", undefined, { emptyErrors: "omitted" }],
  [bulk, "ids", { kind: "lateDeleter", documents: 2, when: "beforeEffect" }],
  [bulk, tags, partly],
  [bulk, tags, wholly],
  [bulk, tags, { kind: "lateDeleter", documents: "container", when: "beforeEffect" }],
  [container, undefined, partly, { memoriesPerDocument: 2 }],
  [container, undefined, wholly],
  [container, undefined, { kind: "lateDeleter", documents: "container", when: "beforeEffect" }, {}, 404],
  [documents, "ids", partly],
  [documents, "ids", { kind: "partial", documents: 1, claims: 3 }],
  [documents, "ids", { kind: "lateDeleter", documents: 2, when: "beforeEffect" }],
  [namespace, undefined, partly, { memoriesPerDocument: 2 }],
  [namespace, undefined, wholly],
  [namespace, undefined, { kind: "busy" }, {}, 409],
  [namespace, undefined, { kind: "lateDeleter", documents: "container", when: "beforeEffect" }, {}, 404],
  [list, tags, { kind: "lateDeleter", documents: "container", when: "beforeEffect" }],
  [list, tags, undefined, { omitContainerTags: "always" }],
  [list, tags, undefined, { omitContainerTags: "some" }],
  [resources, undefined, { kind: "lateDeleter", documents: 2, when: "beforeEffect" }],
  ["GET /v3/container-tags/list", undefined, { kind: "lateDeleter", documents: 1, containerTag: "pr-42" }],
  ["GET /v3/container-tags/list", undefined, undefined, { memoriesPerDocument: 2 }],
  ["GET /namespaces", undefined, undefined, { memoriesPerDocument: 2 }],
];

describe("the emulator under faults, checked against the vendor's OpenAPI documents", () => {
  withSpecs.each(cases)(
    "%s with %j and the fault %j returns a documented response",
    async (endpoint, body, then, options = {}, status = 200) => {
      const { emulator } = await start({ seed, ...options, faults: then === undefined ? [] : [{ then }] });
      const reply = await ask(emulator, endpoint, body);
      expect(reply.status).toBe(status);
      const spec = endpoint.includes("/v3/") ? specs.v3 : specs.v5;
      expect(spec?.responseProblems(endpoint, reply)).toEqual([]);
      expect(emulator.unhitFaults()).toEqual([]);
      expect(emulator.documents("bystander")).toHaveLength(1);
    },
  );
});

function ask(emulator: Emulator, endpoint: string, body: Body): ReturnType<typeof send> {
  const [method = "", template = ""] = endpoint.split(" ");
  const path = template.replace(/\{(containerTag|namespace)\}/, "pr-42").replace("{type}", "documents");
  const ids = emulator.documents("pr-42").map(({ id }) => id);
  return send(emulator, method, path, body === "ids" ? { ids: [...ids, "unknown"] } : body);
}
