import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import fc from "fast-check";
import { portOf } from "./ends";
import { hearRequest } from "../../wire/server";

/** One response that contains secrets: the key of the request, and the text of documents. */
export interface Leak {
  readonly status: number;
  readonly form: "sound" | "json" | "nested" | "html" | "text" | "shape" | "names" | "refusals" | "reset";
  readonly encode: "as it is" | "upper" | "url" | "percent" | "base64" | "basic";
  readonly header: string;
}

export const leaks: fc.Arbitrary<Leak> = fc.record({
  status: fc.constantFrom(200, 200, 200, 204, 302, 400, 401, 403, 404, 409, 410, 429, 500, 503),
  form: fc.constantFrom("sound", "sound", "json", "nested", "html", "text", "shape", "names", "refusals", "reset"),
  encode: fc.constantFrom("as it is", "upper", "url", "percent", "base64", "basic"),
  header: fc.constantFrom("retry-after", "location", "www-authenticate", "content-type", "x-request-id"),
});

export const documentText = {
  title: "canary-title-5f1c9e0b7a",
  content: "canary-content-81d2c44e90",
  kind: "canary-metadata-a7730fe1cc",
};

/** A server with these responses in turn, repeated without end. */
export class LeakyApi {
  requests = 0;
  readonly #server = createServer((request, response) => {
    hearRequest(request);
    request.resume().on("end", () => {
      this.#answer(request, response);
    });
  });

  constructor(private readonly answers: readonly Leak[]) {}

  async start(): Promise<string> {
    return `http://127.0.0.1:${await portOf(this.#server)}`;
  }

  async stop(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  #answer(request: IncomingMessage, response: ServerResponse): void {
    const leak = this.answers[this.requests % this.answers.length];
    this.requests += 1;
    if (leak === undefined || leak.form === "reset") {
      response.destroy();
      return;
    }
    const key = (request.headers.authorization ?? "").replace("Bearer ", "");
    const told = encodings[leak.encode](key);
    response.writeHead(leak.status, told.replace(/[^\x20-\x7e]/g, ""), { [leak.header]: told.replace(/\s/g, "") });
    response.end(bodyOf(leak, told, key, request));
  }
}

function bodyOf({ form }: Leak, told: string, key: string, { method, url = "" }: IncomingMessage): string {
  const id = form === "names" ? key : "a".repeat(22);
  const [containers, own] = [[container("pr-42"), container(`pr-${id}`)], { containerTags: ["pr-42"] }];
  switch (form) {
    case "json":
      return JSON.stringify({ error: `unknown key ${told}, sent as Bearer ${told}`, details: told });
    case "nested":
      return JSON.stringify({ error: { message: told, ...documentText }, authorization: told });
    case "html":
      return `<!DOCTYPE html><pre>authorization: Bearer ${told}\n${documentText.content}</pre>`;
    case "text":
      return `${told} ${documentText.title}`;
    case "shape":
      return pageOf({ memories: [{ ...row(told), createdAt: documentText.content, status: [told] }] }, told);
    default:
      if (method === "DELETE") return JSON.stringify(deletion(form, told));
      if (url === "/v3/container-tags/list") return JSON.stringify(containers);
      if (url.startsWith("/namespaces")) return pageOf({ namespaces: containers }, 2);
      return pageOf({ memories: [{ ...row(id), ...(form === "sound" ? own : {}) }], documents: [row(id)] }, 1);
  }
}

function pageOf(rows: object, totalItems: unknown): string {
  return JSON.stringify({ ...rows, pagination: { totalItems }, deletedCount: totalItems });
}

function row(id: string) {
  const system = { createdAt: "2025-01-01T00:00:00Z", updatedAt: "2025-01-01T00:00:00Z", status: "done" };
  const { content, kind, title } = documentText;
  const text = { title, content, summary: content, metadata: { kind } };
  return { id, ...text, containerTags: ["pr-42", `prod-${id}`], ...system, system };
}

function container(containerTag: string) {
  const used = "2025-01-01T00:00:00Z";
  const whole = { documentCount: 1, memoryCount: 1, createdAt: used, lastActivityAt: used };
  return { containerTag, namespace: containerTag, ...whole, system: { createdAt: used } };
}

function deletion(form: Leak["form"], told: string) {
  const errors = form === "refusals" ? [{ id: "a".repeat(22), error: `not with ${told}` }] : [];
  const done = 1 - errors.length;
  const whole = { deletedDocumentsCount: 1, deletedMemoriesCount: 1, status: "deleted" };
  return { success: true, deletedCount: done, count: done, errors, ...whole };
}

const encodings: Readonly<Record<Leak["encode"], (key: string) => string>> = {
  "as it is": (key) => key,
  upper: (key) => key.toUpperCase(),
  url: encodeURIComponent,
  percent: (key) => key.replace(/./g, (letter) => `%${letter.charCodeAt(0).toString(16)}`),
  base64: (key) => Buffer.from(key).toString("base64"),
  basic: (key) => Buffer.from(`user:${key}`).toString("base64"),
};
