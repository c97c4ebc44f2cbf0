import type { IncomingMessage } from "node:http";

/** Checks a request to a test's own server against the vendor's documents, once its body is complete. */
export function hearRequest(incoming: IncomingMessage): void {
  const chunks: Buffer[] = [];
  incoming.on("data", (chunk: Buffer) => chunks.push(chunk));
  incoming.once("end", () => {
    const { headers, method = "", url: target = "" } = incoming;
    const text = Buffer.concat(chunks).toString("utf8");
    globalThis.wireAuditor?.hearRequest({
      method,
      target,
      headers: Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, String(value)])),
      body: text === "" ? undefined : parsed(text),
    });
  });
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}
