import type { Exchange } from "../../emulator/index";
import { type Sender, senderOf, type Tolerated, tolerated } from "./tolerated";
import type { Endpoint, Problem, VendorDocument, WireRequest } from "./vendor-document";

/** Checks every exchange against the vendor's documents, and collects the deviations. */
export class Auditor {
  heard = 0;
  readonly hits = new Map<string, number>();
  private deviations: string[] = [];

  constructor(readonly documents: Readonly<Record<"v3" | "v5", VendorDocument>>) {}

  hear(exchange: Exchange): void {
    const { fault, request, response, target } = exchange;
    const { body, method, path } = request;
    const sent = { method, target, headers: exchange.headers, body };
    const found = this.find(method, path);
    const sender = senderOf(sent);
    const problems = [
      ...problemsOfRequest(found, sent, sender),
      ...(response === null ? [] : (found?.problemsOfResponse(response) ?? [])),
    ];
    const heard = { response, fault, request, endpoint: found?.name };
    this.note(
      `${sender}: ${found?.name ?? `${method} ${path}`}${response === null ? "" : ` (${response.status})`}`,
      problems.filter((problem) => !this.tolerates(problem, sender, heard)),
    );
  }

  /** Checks a request to another server of a test. Nothing is tolerated, but requests that a test sent itself are ignored. */
  hearRequest(sent: WireRequest): void {
    const path = sent.target.split("?", 1)[0] ?? "";
    const sender = senderOf(sent);
    if (sender === "test") return;
    const found = this.find(sent.method, path);
    this.note(`${sender}: ${found?.name ?? `${sent.method} ${path}`}`, problemsOfRequest(found, sent, sender));
  }

  /** Returns the deviations since the last call: sender, endpoint, place and reason, but no value of a message. */
  take(): string {
    return this.deviations.splice(0).join("\n");
  }

  private find(method: string, path: string): Endpoint | undefined {
    return this.documents[/^\/v[34]\//.test(path) ? "v3" : "v5"].find(method, path);
  }

  private tolerates(problem: Problem, sender: Sender, heard: Parameters<Tolerated["fits"]>[1]): boolean {
    for (const [name, row] of Object.entries<Tolerated>(tolerated)) {
      if (row.part !== problem.part || !row.fits(problem, heard)) continue;
      if (row.part === "request" && !row.senders.some((allowed) => allowed === sender)) continue;
      this.hits.set(name, (this.hits.get(name) ?? 0) + 1);
      return true;
    }
    return false;
  }

  private note(origin: string, problems: readonly Problem[]): void {
    this.heard += 1;
    for (const { part, place, reason } of problems) this.deviations.push(`${origin}: ${part} ${place}: ${reason}`);
  }
}

/** This package must send no unnamed field: in an open schema a misspelled filter passes, and lists the whole account. */
function problemsOfRequest(found: Endpoint | undefined, sent: WireRequest, sender: Sender): readonly Problem[] {
  if (found === undefined) {
    return [{ part: "request", place: "endpoint", reason: `${sent.method} to this path is not documented` }];
  }
  return [...found.problemsOfRequest(sent), ...(sender === "package" ? found.unnamedFields(sent.body) : [])];
}
