/** The server of all benchmarks: the emulator in its own process, with a delay of 20 ms before each response. */
import { z } from "zod";
import { createEmulator, type Emulator, type RecordedRequest } from "../../emulator/index";
import { bystander, latencyMs, type ServerReport, taskSchema } from "./server-protocol";
import { serveCalls } from "./worker";

const emulator = createEmulator({
  seed: { containers: bystander },
  faults: [{ name: "latency", times: Infinity, then: { kind: "slow", ms: latencyMs } }],
});

serveCalls(async (call) => {
  const task = taskSchema.parse(call);
  const server = await emulator;
  if (task.kind === "seed") {
    server.reset();
    server.seed({ containers: task.containers });
  }
  return reportOf(server);
});

function reportOf(server: Emulator): ServerReport {
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

/** A request with the number of its ids in place of the ids. */
function shapeOf({ body, method, path, query }: RecordedRequest): string {
  const fields = bodySchema.parse(body ?? {});
  const shape = Object.entries(fields)
    .map(([name, value]) => `${name}=${name === "ids" && Array.isArray(value) ? value.length : JSON.stringify(value)}`)
    .sort();
  return [method, path, new URLSearchParams(query).toString(), ...shape].filter((part) => part !== "").join(" ");
}

const bodySchema = z.record(z.string(), z.unknown());
