import type { Emulator, Exchange } from "../../emulator/index";
import { start } from "../emulator/support/running";
import { expectDocumented } from "./expect-documented";

const withDocuments = globalThis.wireAuditor === undefined ? test.skip : test;
const agent = "pulumi-supermemory/1.0.0";
const secret = "the text of a document";
const key = "sm_emulator_key";

const bulk = "/v3/documents/bulk";
const list = "/v3/documents/list";
const documents = "/ns/pr-42/list/documents";
type Headers = Readonly<Record<string, string>>;
const plain: Headers = { "content-type": "text/plain" };
const basic: Headers = { authorization: `Basic ${key}` };
const json = "application/json";

/** Requests that this package must not send: method, path, body, headers, and a part of the report. */
const wrongRequests: readonly (readonly [string, string, unknown, Headers, string])[] = [
  ["DELETE", bulk, { ids: [] }, {}, "(400): request body/ids: must NOT have fewer than 1 items"],
  ["DELETE", bulk, { ids: "a" }, {}, "(400): request body/ids: must be array"],
  ["DELETE", bulk, `{"ids": "${secret}`, {}, "(400): request body: is not JSON"],
  ["DELETE", bulk, { ids: ["a"] }, plain, "request headers/content-type: is"],
  ["DELETE", bulk, { ids: ["a"] }, basic, "request headers/authorization: is"],
  ["POST", list, { containerTag: "pr-42" }, {}, "(200): request body/containerTag: is not documented"],
  ["DELETE", "/ns/pr-42", { moveTo: "pr-43" }, {}, "(200): request body: is sent where none is documented"],
  ["POST", list, { sort: secret }, {}, "request body/sort: must be equal to one of the allowed values"],
  ["POST", `${documents}?limit=101`, undefined, {}, "(400): request query/limit: must be <= 100"],
  ["POST", "/ns/pr-42/list/files", undefined, {}, "request path/type: must be equal to one of the allowed values"],
  ["GET", "/v3/container-tags", undefined, {}, "(404): request endpoint: GET to this path is not documented"],
];

/** Responses that the emulator must not send, and a part of the report. */
const wrongResponses: readonly (readonly [body: string, status: number, type: string, reported: string])[] = [
  [`{"success":true,"deletedCount":"${secret}"}`, 200, json, "body/deletedCount: must be number"],
  [`{"success":true}`, 200, json, "body: must have required property 'deletedCount'"],
  [secret, 200, json, "body: is not JSON"],
  [secret, 200, "text/html", "content-type: is text/html"],
  [`{"error":"${secret}"}`, 418, json, "status: 418 is not documented"],
  [`{"oops":"${secret}"}`, 418, json, "body: is not that of an error"],
];

describe("the auditor of the wire", () => {
  withDocuments.each(wrongRequests)(
    "reports %s %s with %j and %j when the package sends it",
    async (method, path, body, headers, reported) => {
      const { emulator } = await start({ seed: { containers: { "pr-42": 1, bystander: 1 } } });
      await send(emulator, method, path, body, headers);
      const deviations = taken();
      expect(deviations).toContain(`package: ${method} /`);
      expect(deviations).toContain(reported);
      expectNoSecret(deviations);
      expect(emulator.documents("bystander")).toHaveLength(1);
    },
  );

  withDocuments.each(wrongResponses)("reports the response %s with %d as %s", (text, status, type, reported) => {
    globalThis.wireAuditor?.hear(exchangeWith(status, type, text));
    const deviations = taken();
    expect(deviations).toContain(`package: DELETE /v3/documents/bulk (${status}): response ${reported}`);
    expectNoSecret(deviations);
  });

  withDocuments("reports nothing for documented traffic", async () => {
    const { emulator } = await start({ seed: { containers: { "pr-42": 1, bystander: 1 } } });
    const before = globalThis.wireAuditor?.heard ?? 0;
    await send(emulator, "DELETE", "/v3/documents/bulk", { containerTags: ["pr-42"] }, {});
    expect([globalThis.wireAuditor?.heard, taken()]).toEqual([before + 1, ""]);
    expect(emulator.containers()).toEqual({ "pr-42": 0, bystander: 1 });
  });

  withDocuments("makes the test of a deviation fail", () => {
    globalThis.wireAuditor?.hear(exchangeWith(418, "application/json", "{}"));
    expect(expectDocumented).toThrow(
      /^not as the vendor's documents describe:\npackage: DELETE .*418 is not documented/,
    );
    expect(expectDocumented).not.toThrow();
  });
});

function taken(): string {
  return globalThis.wireAuditor?.take() ?? "";
}

function expectNoSecret(deviations: string): void {
  for (const word of [secret, key, secret.slice(0, 8)]) expect(deviations).not.toContain(word);
}

async function send({ apiKey, url }: Emulator, method: string, path: string, body: unknown, headers: Headers) {
  const usual = { "user-agent": agent, authorization: `Bearer ${apiKey}`, "content-type": "application/json" };
  const sent = body === undefined ? {} : { body: typeof body === "string" ? body : JSON.stringify(body) };
  await fetch(url + path, { method, headers: { ...usual, ...headers }, ...sent });
}

function exchangeWith(status: number, type: string, text: string): Exchange {
  const path = "/v3/documents/bulk";
  return {
    request: {
      ...{ sequence: 1, method: "DELETE", path, query: {}, hasQuery: false, api: "v3", route: "documents.deleteBulk" },
      ...{ body: { containerTags: ["pr-42"] }, bodyBytes: 1, bodyHeaders: {}, keyId: null, mutating: true },
      ...{ containerTags: ["pr-42"], status, fault: null },
    },
    target: path,
    headers: { "content-type": "application/json", authorization: "Bearer ***", "user-agent": agent },
    fault: null,
    response: { status, headers: { "content-type": type }, text },
  };
}
