import { secretKey } from "../support/connect";
import { type Hostile, startAnswering } from "../support/hostile";
import { errorOf } from "../support/world";

const used = "2026-01-01T00:00:00Z";
const row = { id: "a".repeat(22), createdAt: used, updatedAt: used, status: "done", containerTags: ["pr-42"] };
const v5Row = { system: { createdAt: used, updatedAt: used, status: "done" } };
const container = { documentCount: 2, memoryCount: 0, createdAt: used, lastActivityAt: used, updatedAt: used };
const one = { pagination: { totalItems: 1 } };

const list = async ({ api, context }: Hostile) =>
  await api.list({ containerTag: "pr-42", page: 1, order: "desc" }, context);
const listContainers = async ({ api, context }: Hostile) => await api.listContainers(context);

test.each([
  ["a document's id", "v3", list, (name: string) => ({ memories: [{ ...row, id: name }], ...one })],
  [
    "a document's tag",
    "v3",
    list,
    (name: string) => ({ memories: [{ ...row, containerTags: ["pr-42", name] }], ...one }),
  ],
  ["a container's tag", "v3", listContainers, (name: string) => [{ containerTag: name, ...container }]],
  ["a document's id", "v5", list, (name: string) => ({ documents: [{ ...v5Row, id: name }], ...one })],
  [
    "a namespace",
    "v5",
    listContainers,
    (name: string) => ({ namespaces: [{ namespace: name, ...container }], ...one }),
  ],
] as const)("a response with the key as %s is refused on %s", async (_place, apiVersion, ask, body) => {
  const sound = await startAnswering(200, body("pr-42"), {}, { apiVersion });
  await expect(ask(sound)).resolves.toBeDefined();
  const hostile = await startAnswering(200, body(`x-${secretKey}`), {}, { apiVersion });
  const { message } = await errorOf(ask(hostile));
  expect(message).toContain("the API returned the key itself as an id or a tag");
  expect(message).not.toContain(secretKey);
});
