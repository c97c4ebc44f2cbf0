import { z } from "zod";
import { createManualClock, type Emulator, type EmulatorOptions, type ManualClock } from "../../emulator/index";
import { send, start } from "./support/running";

describe("the dreamingStatus of a document", () => {
  test("is dreaming while the document is processed and while its memories are generated, then done", async () => {
    const { clock, emulator } = await dreamer();
    await add(emulator, {});
    const seen = [await state(emulator)];
    for (const step of [1_000, 4_999, 1]) {
      clock.advance(step);
      seen.push(await state(emulator));
    }
    expect(seen).toEqual([
      ["queued", "dreaming"],
      ["done", "dreaming"],
      ["done", "dreaming"],
      ["done", "done"],
    ]);
  });

  test.each([
    ["the request asks for instant memories", { dreaming: "instant" }],
    ["the document needs no memories", { taskType: "superrag" }],
  ])("is done with the processing when %s", async (_when, fields) => {
    const { clock, emulator } = await dreamer();
    await add(emulator, fields);
    await send(emulator, "POST", "/ns/pr-42/document/batch", { documents: [{ content: "text" }], ...fields });
    await send(emulator, "POST", "/v3/documents", { content: "text", containerTag: "pr-42", ...fields });
    expect(emulator.documents().map(({ dreamingStatus }) => dreamingStatus)).toEqual(Array(3).fill("dreaming"));
    clock.advance(1_002); // Documents added at the same moment are dated a millisecond apart.
    expect(emulator.documents().map(({ dreamingStatus }) => dreamingStatus)).toEqual(Array(3).fill("done"));
  });

  test("is dreaming again when text is appended", async () => {
    const { clock, emulator } = await dreamer();
    await add(emulator, { id: "a" });
    clock.advance(6_000);
    expect(await state(emulator)).toEqual(["done", "done"]);
    await send(emulator, "POST", "/ns/pr-42/document", { content: "more", id: "a" });
    clock.advance(1_000);
    expect(await state(emulator)).toEqual(["done", "dreaming"]);
  });

  test("is the same in the list, in GET and on v3, and does not prevent deletion", async () => {
    const { clock, emulator } = await dreamer();
    await add(emulator, { id: "a" });
    clock.advance(1_000);
    expect((await send(emulator, "GET", "/v3/documents/processing")).body).toMatchObject({ totalCount: 0 });
    expect((await send(emulator, "GET", "/ns/pr-42/document/a")).body).toMatchObject({
      system: { status: "done", dreamingStatus: "dreaming" },
    });
    expect((await send(emulator, "GET", "/v3/documents/a")).body).toMatchObject({ dreamingStatus: "dreaming" });
    expect(await state(emulator)).toEqual(["done", "dreaming"]);
    expect((await send(emulator, "DELETE", "/ns/pr-42/document", { ids: ["a"] })).body).toMatchObject({ count: 1 });
  });

  test("is done for a document that failed", async () => {
    const each = { failed: true, dreaming: "forever" } as const;
    const { emulator } = await start({ seed: { containers: { "pr-42": { each, documents: 1 } } } });
    expect(await state(emulator)).toEqual(["failed", "done"]);
  });

  test("comes from a seed, and finishProcessing ends it", async () => {
    const createdAt = "2026-01-31T00:00:00Z";
    const seed = { containers: { "pr-42": { each: { createdAt, dreaming: "forever" as const }, documents: 1 } } };
    const { emulator } = await start({ clock: createManualClock("2026-02-01T00:00:00Z"), seed });
    emulator.finishProcessing("bystander");
    expect(await state(emulator)).toEqual(["done", "dreaming"]);
    emulator.finishProcessing("pr-42");
    expect(await state(emulator)).toEqual(["done", "done"]);
  });
});

describe("release 5.0.0 of v5", () => {
  test("returns no dreamingStatus, ignores q and refuses the newer extras of a list", async () => {
    const { emulator } = await start({ v5Release: "5.0.0", seed: { containers: { "pr-42": 1, bystander: 1 } } });
    const { body } = await send(emulator, "POST", "/ns/pr-42/list/documents", { include: { forgotten: false } });
    expect(body).toMatchObject({ documents: [{ system: { status: "done" } }] });
    expect(JSON.stringify(body)).not.toContain("dreamingStatus");
    const { text } = await send(emulator, "GET", `/ns/pr-42/document/${emulator.documents("pr-42")[0]?.id ?? ""}`);
    expect(text).not.toContain("dreamingStatus");
    expect((await send(emulator, "GET", "/ns?q=pr-42")).body).toMatchObject({ pagination: { totalItems: 2 } });
    for (const name of ["content", "memoryCount"]) {
      const refused = await send(emulator, "POST", "/ns/pr-42/list/documents", { include: { [name]: true } });
      expect([refused.status, refused.body]).toMatchObject([400, { success: false, error: [{ path: ["include"] }] }]);
    }
  });
});

/** Processes a document for one second and generates its memories for five. */
async function dreamer(): Promise<{ readonly clock: ManualClock; readonly emulator: Emulator }> {
  const clock = createManualClock();
  const options: EmulatorOptions = { clock, processingMs: 1_000, dreamingMs: 5_000 };
  return { clock, emulator: (await start(options)).emulator };
}

async function add(emulator: Emulator, fields: Readonly<Record<string, string>>): Promise<void> {
  expect((await send(emulator, "POST", "/ns/pr-42/document", { content: "text", ...fields })).status).toBe(200);
}

/** The status and the dreamingStatus of the newest document that the list returns. */
async function state(emulator: Emulator): Promise<readonly [string, string]> {
  const { body } = await send(emulator, "POST", "/ns/pr-42/list/documents");
  const { status, dreamingStatus } = listed.parse(body).documents[0].system;
  return [status, dreamingStatus];
}

const listed = z.object({
  documents: z.tuple([z.object({ system: z.object({ status: z.string(), dreamingStatus: z.string() }) })]),
});
