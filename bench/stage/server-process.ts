/** The server of all benchmarks: the emulator, each of whose answers waits 20 ms, in a process of its own. */
import { z } from "zod";
import { createEmulator, type Emulator, type RecordedRequest } from "../../emulator/index";
import { bystander, latencyMs, questionSchema, type ServerAnswer } from "./server-protocol";
import { answerQuestions } from "./worker";

const emulator = createEmulator({
  seed: { containers: bystander },
  faults: [{ name: "latency", times: Infinity, then: { kind: "slow", ms: latencyMs } }],
});

answerQuestions(async (question) => {
  const asked = questionSchema.parse(question);
  const server = await emulator;
  if (asked.kind === "seed") {
    server.reset();
    server.seed({ containers: asked.containers });
  }
  return answerOf(server);
});

function answerOf(server: Emulator): ServerAnswer {
  const { apiKey, ledger, requests, url } = server;
  const sent: Record<string, number> = {};
  for (const request of requests) {
    const shape = shapeOf(request);
    sent[shape] = (sent[shape] ?? 0) + 1;
  }
  return {
    url,
    apiKey,
    containers: server.containers(),
    deleted: ledger.reduce((sum, { count }) => sum + count, 0),
    failed: requests.filter(({ status }) => status === null || status >= 300).length,
    sent,
  };
}

/** A request without the ids that it names, of which only the number counts. */
function shapeOf({ body, method, path, query }: RecordedRequest): string {
  const fields = bodySchema.parse(body ?? {});
  const shape = Object.entries(fields)
    .map(([name, value]) => `${name}=${name === "ids" && Array.isArray(value) ? value.length : JSON.stringify(value)}`)
    .sort();
  return [method, path, new URLSearchParams(query).toString(), ...shape].filter((part) => part !== "").join(" ");
}

const bodySchema = z.record(z.string(), z.unknown());
