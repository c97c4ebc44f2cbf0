import type { Emulator, FaultRule, Meanwhile } from "../../emulator/index";
import { idsOf, send, start } from "./support/running";

/** Requests that are refused, whatever they did, and what another client does while the client of one waits. */

const seed = { containers: { "pr-42": 5, live: 1 } };
const byTag = { containerTags: ["pr-42"] };

describe("a refusal", () => {
  test.each([
    ["json", 403, /^application\/json/, '{"error":"Refused"}'],
    [
      "html",
      405,
      /^text\/html/,
      "<!DOCTYPE html><html><head><title>405</title></head><body><h1>405</h1></body></html>",
    ],
  ] as const)("in %s has the status %i, and no effect", async (as, status, type, text) => {
    const { emulator } = await refusing({ then: { kind: "refusal", status, as, when: "beforeEffect" } });
    const reply = await deleteAll(emulator);
    expect(reply).toMatchObject({ status, text });
    expect(reply.type).toMatch(type);
    expect(emulator.containers()).toEqual({ "pr-42": 5, live: 1 });
    expect((await deleteAll(emulator)).status).toBe(200);
  });

  test("after the effect hides what the request did", async () => {
    const { emulator } = await refusing({ then: { kind: "refusal", status: 303, as: "json", when: "afterEffect" } });
    expect((await deleteAll(emulator)).status).toBe(303);
    expect(emulator.containers()).toEqual({ "pr-42": 0, live: 1 });
    expect(emulator.ledger).toMatchObject([{ request: 1, count: 5 }]);
  });

  test.each(["busy", "rateLimit"] as const)("of the kind %s can follow an effect, too", async (kind) => {
    const { emulator } = await refusing({ then: { kind, when: "afterEffect" } });
    expect((await deleteAll(emulator)).status).toBe(kind === "busy" ? 409 : 429);
    expect(emulator.containers()).toEqual({ "pr-42": 0, live: 1 });
  });

  test("of a busy container can follow a part of the effect", async () => {
    const { emulator } = await refusing({ then: { kind: "busy", when: "afterEffect", documents: 2 } });
    expect((await deleteAll(emulator)).status).toBe(409);
    expect(emulator.containers()).toEqual({ "pr-42": 3, live: 1 });
  });
});

describe.each(["busy", "rateLimit"] as const)(
  "while the client of a request waits after a %s, another client",
  (kind) => {
    const during = async (meanwhile: Meanwhile): Promise<Emulator> => {
      const { emulator } = await refusing({ then: { kind, meanwhile } });
      await deleteAll(emulator);
      return emulator;
    };

    test("adds documents to the container", async () => {
      const emulator = await during({ kind: "write", documents: 3 });
      expect(emulator.containers()).toEqual({ "pr-42": 8, live: 1 });
      expect(emulator.lateTaggings).toEqual([]);
    });

    test("adds the tag of another container to the first documents", async () => {
      const emulator = await during({ kind: "share", documents: 2, containerTag: "live" });
      expect(emulator.containers()).toEqual({ "pr-42": 5, live: 3 });
      const documentIds = idsOf(emulator, "pr-42").slice(0, 2);
      expect(emulator.lateTaggings).toEqual([{ request: 1, to: "live", isMove: false, documentIds }]);
      expect(emulator.documents("pr-42")[0]?.containerTags).toEqual(["pr-42", "live"]);
    });

    test("moves the first documents to another container", async () => {
      const emulator = await during({ kind: "move", documents: 1, containerTag: "elsewhere" });
      expect(emulator.containers()).toEqual({ "pr-42": 4, live: 1, elsewhere: 1 });
      const documentIds = idsOf(emulator, "elsewhere");
      expect(emulator.lateTaggings).toEqual([{ request: 1, to: "elsewhere", isMove: true, documentIds }]);
      expect(emulator.ledger).toEqual([]);
    });
  },
);

async function refusing(rule: FaultRule) {
  return await start({ seed, faults: [{ match: { method: "DELETE" }, ...rule }] });
}

async function deleteAll(emulator: Emulator) {
  return await send(emulator, "DELETE", "/v3/documents/bulk", byTag);
}
