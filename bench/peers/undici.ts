/** A purge by tags with undici alone and the package's own pool: the same requests, and nothing is checked. */
import { Agent, request } from "undici";
import { z } from "zod";
import { inParallel } from "../../provider/util/pool";
import { serveCalls } from "../stage/worker";

let agent: Agent | undefined;

serveCalls(async (task) => {
  const { apiKey, concurrency, containerTags, url } = taskSchema.parse(task);
  agent ??= new Agent({ connections: concurrency, pipelining: 1 });
  const dispatcher = agent;
  const headers = { authorization: `Bearer ${apiKey}`, accept: "application/json", "content-type": "application/json" };
  const send = async (method: "GET" | "POST" | "DELETE", path: string, content?: unknown): Promise<unknown> => {
    const body = content === undefined ? null : JSON.stringify(content);
    const response = await request(url + path, { method, headers, body, dispatcher, reset: false });
    return await response.body.json();
  };
  const count = async (tag: string): Promise<unknown> =>
    await send("POST", "/v3/documents/list", { containerTags: [tag], limit: 100, page: 1, order: "desc", sort });
  const countMemories = async (tags: readonly string[]): Promise<void> => {
    if (tags.length > 8) await send("GET", "/v3/container-tags/list");
    else {
      for (const tag of tags) {
        const body = { containerTags: [tag], limit: 1, page: 1, order: "desc", sort: "updatedAt" };
        await send("POST", "/v4/memories/list", body);
      }
    }
  };
  const startedAt = performance.now();
  await inParallel(containerTags, concurrency, async (tag) => {
    await count(tag);
  });
  await inParallel(containerTags, concurrency, async (tag) => {
    await send("DELETE", "/v3/documents/bulk", { containerTags: [tag] });
    await count(tag);
  });
  await countMemories(containerTags);
  return performance.now() - startedAt;
});

const sort = "createdAt";

const taskSchema = z.object({
  url: z.string(),
  apiKey: z.string(),
  containerTags: z.array(z.string()),
  concurrency: z.number(),
});
