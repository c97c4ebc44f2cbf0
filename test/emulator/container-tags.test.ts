import { createManualClock } from "../../emulator/index";
import { inContainers, send, start } from "./support/running";

const path = "/v3/container-tags";

describe("container tags", () => {
  test("are listed with their counts and their last activity", async () => {
    const clock = createManualClock("2026-01-01T00:00:00Z");
    const at = (minute: number): string => `2026-01-01T00:0${minute}:00.000Z`;
    const { emulator, client } = await start({
      clock,
      seed: { containers: { empty: 0, sm_project_x: { memories: 4 } } },
    });
    clock.advance(60_000);
    await client.documents.add({ content: "text", containerTag: "pr-42" });
    const { body } = await send(emulator, "GET", `${path}/list`);
    expect(body).toMatchObject([
      { containerTag: "empty", documentCount: 0, lastActivityAt: null, isNova: false, createdAt: at(0) },
      { containerTag: "sm_project_x", memoryCount: 4, isNova: true },
      { containerTag: "pr-42", documentCount: 1, lastActivityAt: at(1) },
    ]);
  });

  test("are kept when their documents are deleted, with their last activity", async () => {
    const { emulator, client } = await start({
      seed: { containers: { "pr-42": { documents: 1, each: { createdAt: "2026-01-01T00:00:00Z" } }, bystander: 1 } },
    });
    await client.documents.deleteBulk({ ...inContainers("pr-42") });
    expect((await send(emulator, "GET", `${path}/list`)).body).toMatchObject([
      { containerTag: "pr-42", documentCount: 0, lastActivityAt: "2026-01-01T00:00:00.000Z" },
      { containerTag: "bystander", documentCount: 1 },
    ]);
  });

  test("that are unknown get a 404 that names them", async () => {
    const { emulator } = await start();
    const expected = { error: "Container tag not found", details: "no container has the tag gone" };
    for (const method of ["GET", "DELETE"]) {
      const { status, body } = await send(emulator, method, `${path}/gone`);
      expect([status, body]).toEqual([404, expected]);
    }
  });

  test("are created by a PATCH", async () => {
    const { emulator } = await start();
    const fields = { name: "Pull request", entityContext: "PR 42" };
    expect((await send(emulator, "PATCH", `${path}/pr-42`, fields)).status).toBe(200);
    const { body } = await send(emulator, "GET", `${path}/pr-42`);
    expect(body).toMatchObject({ containerTag: "pr-42", ...fields, profileBuckets: [] });
  });

  test("are merged into another container", async () => {
    const { emulator } = await start({ seed: { containers: { "pr-42": 2, "pr-43": { documents: 1 }, bystander: 1 } } });
    const merge = { containerTags: ["pr-42", "pr-43"], targetContainerTag: "pr-43" };
    const { status, body } = await send(emulator, "POST", `${path}/merge`, merge);
    expect([status, body]).toMatchObject([202, { status: "queued", targetTag: "pr-43", sourceTags: ["pr-42"] }]);
    expect((await send(emulator, "GET", `${path}/merge/merge_1`)).body).toMatchObject({ status: "completed" });
    expect(emulator.containers()).toEqual({ "pr-43": 3, bystander: 1 });
  });
});
