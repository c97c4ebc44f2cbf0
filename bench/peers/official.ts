/** A purge by ids as a loop over the official client: list page by page, then delete a hundred at a time. */
import Supermemory from "supermemory";
import { z } from "zod";
import { serveCalls } from "../stage/worker";

serveCalls(async (task) => {
  const { apiKey, containerTag, url } = taskSchema.parse(task);
  const client = new Supermemory({ apiKey, baseURL: url });
  const startedAt = performance.now();
  const ids: string[] = [];
  // The client marks `containerTags` as deprecated, but there is no other way to list by tag.
  const query = { containerTags: [containerTag], limit: 100 };
  for (let [page, pages] = [1, 1]; page <= pages; page += 1) {
    const response = await client.documents.list({ ...query, page });
    ids.push(...response.memories.map(({ id }) => id));
    pages = response.pagination.totalPages;
  }
  for (let at = 0; at < ids.length; at += 100) {
    await client.documents.deleteBulk({ ids: ids.slice(at, at + 100) });
  }
  return performance.now() - startedAt;
});

const taskSchema = z.object({ url: z.string(), apiKey: z.string(), containerTag: z.string() });
