import { createRequire } from "node:module";
import { Agent } from "undici";
import { loadUndici } from "../../../provider/client/undici";
import { startAnswering } from "../support/hostile";

const load = createRequire(__filename);

test("a provider loads the two parts of undici that it uses, not the whole", async () => {
  const loaded: string[] = [];
  const ask = await requester((id) => {
    loaded.push(id);
    return load(id);
  });
  expect(await ask()).toBe(200);
  expect(loaded).toEqual(["undici/lib/dispatcher/agent.js", "undici/lib/api/api-request.js"]);
});

test.each([
  [
    "are not there",
    (id: string): unknown => {
      if (id !== "undici") throw new Error(`Cannot find module '${id}'`);
      return load(id);
    },
  ],
  ["are something else", (id: string): unknown => (id === "undici" ? load(id) : { default: Agent })],
])("where these parts %s, the whole is loaded", async (_how, loadPart) => {
  const ask = await requester(loadPart);
  expect(await ask()).toBe(200);
});

/** Sends a request with what `loadPart` gives, and returns the status. */
async function requester(loadPart: (id: string) => unknown): Promise<() => Promise<number>> {
  const server = await startAnswering(200, "[]");
  const { Agent: PartAgent, request } = loadUndici(loadPart);
  return async () => {
    const agent = new PartAgent({ connections: 1 });
    try {
      const answer = await request(agent, { origin: server.url, path: "/v3/container-tags/list", method: "GET" });
      await answer.body.dump();
      return answer.statusCode;
    } finally {
      await agent.destroy();
    }
  };
}
