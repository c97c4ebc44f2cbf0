import { z } from "zod";
import type { Emulator } from "../../emulator/index";
import { send, start } from "./support/running";

const seed = {
  containers: { "pr-42": { documents: [{ metadata: { a: "b" } }, {}, { statusUnknown: true }, {}] }, bystander: 1 },
};

const list = z.object({ memories: z.array(z.looseObject({ id: z.string() })) });

describe("a row of v3", () => {
  test.each([
    ["never", 4],
    ["some", 2],
    ["always", 0],
  ] as const)("omits its container tags %s, with omitContainerTags", async (omitContainerTags, there) => {
    const { emulator } = await start({ seed, omitContainerTags });
    const tagged = await rowsWithTags(emulator);
    expect(tagged).toHaveLength(there);
    expect(await rowsWithTags(emulator)).toEqual(tagged);
    for (const { id } of emulator.documents("pr-42")) {
      const { body } = await send(emulator, "GET", `/v3/documents/${id}`);
      expect(z.looseObject({}).parse(body)).toEqual(
        tagged.includes(id)
          ? expect.objectContaining({ id, containerTags: ["pr-42"] })
          : expect.not.objectContaining({ containerTags: expect.anything() as unknown }),
      );
    }
  });

  test("contains null for missing metadata, and may have an unknown status, also on v5", async () => {
    const { emulator } = await start({ seed });
    const sorted = { containerTags: ["pr-42"], order: "asc" };
    const { body } = await send(emulator, "POST", "/v3/documents/list", sorted);
    expect(body).toMatchObject({
      memories: [
        { metadata: { a: "b" }, status: "done" },
        { metadata: null },
        { metadata: null, status: "unknown" },
        { metadata: null, status: "done" },
      ],
    });
    const v5 = await send(emulator, "POST", "/ns/pr-42/list/documents?order=asc");
    expect(v5.body).toMatchObject({
      documents: [{ metadata: { a: "b" } }, { metadata: {} }, { system: { status: "unknown" } }, {}],
    });
  });
});

test("a v3 delete by ids omits its errors when there are none, with emptyErrors omitted", async () => {
  const { emulator } = await start({ seed, emptyErrors: "omitted" });
  const ids = emulator.documents("pr-42").map(({ id }) => id);
  const bulk = "/v3/documents/bulk";
  expect((await send(emulator, "DELETE", bulk, { ids })).body).toEqual({ success: true, deletedCount: 4 });
  expect((await send(emulator, "DELETE", bulk, { ids: ids.slice(0, 1) })).body).toEqual({
    success: true,
    deletedCount: 0,
    errors: [{ id: ids[0], error: "Document not found" }],
  });
  expect(emulator.containers()).toEqual({ "pr-42": 0, bystander: 1 });
});

async function rowsWithTags(emulator: Emulator): Promise<readonly string[]> {
  const { body } = await send(emulator, "POST", "/v3/documents/list", { containerTags: ["pr-42"] });
  const rows = list.parse(body).memories;
  expect(rows).toHaveLength(4);
  return rows.filter((row) => "containerTags" in row).map(({ id }) => id);
}
