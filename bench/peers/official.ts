/** A purge by ids as a loop over the vendor's own client: list page by page, then delete a hundred at a time. */
import Supermemory from "supermemory";
import { z } from "zod";
import { answerQuestions } from "../stage/worker";

answerQuestions(async (question) => {
  const { apiKey, containerTag, url } = questionSchema.parse(question);
  const client = new Supermemory({ apiKey, baseURL: url });
  const startedAt = performance.now();
  const ids: string[] = [];
  // The client marks `containerTags` as deprecated, yet nothing else lists by tag.
  const query = { containerTags: [containerTag], limit: 100 };
  for (let [page, pages] = [1, 1]; page <= pages; page += 1) {
    const answer = await client.documents.list({ ...query, page });
    ids.push(...answer.memories.map(({ id }) => id));
    pages = answer.pagination.totalPages;
  }
  for (let at = 0; at < ids.length; at += 100) {
    await client.documents.deleteBulk({ ids: ids.slice(at, at + 100) });
  }
  return performance.now() - startedAt;
});

const questionSchema = z.object({ url: z.string(), apiKey: z.string(), containerTag: z.string() });
