import { parseSeed } from "../../emulator/index";
import { openEmulator } from "../wire/emulator";
import { start } from "./support/running";

describe("a seed", () => {
  test("sets any field of its documents", async () => {
    const { emulator } = await start({
      seed: {
        containers: {
          "pr-42": {
            each: { metadata: { team: "red" }, createdAt: "2026-01-01T00:00:00Z" },
            documents: [
              { customId: "a", content: "one", alsoIn: ["production"] },
              { metadata: { team: "blue" }, failed: true },
            ],
          },
        },
      },
    });
    const one = { customId: "a", content: "one", metadata: { team: "red" }, status: "done" };
    expect(emulator.documents("pr-42")).toMatchObject([
      { ...one, containerTags: ["pr-42", "production"] },
      { containerTags: ["pr-42"], metadata: { team: "blue" }, status: "failed", createdAt: Date.parse("2026-01-01") },
    ]);
  });

  test.each([
    [{ containers: { "a b": 1 } }, "containers.a b: a container tag consists of letters"],
    [{ containers: { a: -1 } }, "containers.a: -1: allowed: a whole number from 0 on"],
    [{ containers: { a: { docs: 1 } } }, "unknown field docs; allowed: documents, each,"],
    [
      { containers: { a: { documents: [{ createdAt: "today" }] } } },
      'containers.a.documents.0.createdAt: "today": not a date; allowed: RFC 3339',
    ],
    [{ containers: { a: { memories: -1 } } }, "containers.a.memories: -1: allowed: a whole number from 0 on"],
    [{ containers: { a: { memories: [{ text: "x" }] } } }, "unknown field text; allowed: memory, createdAt"],
    [{ container: {} }, "unknown field container; allowed: containers"],
    ["text", 'seed: "text": '],
  ])("%j is refused with the allowed values", (seed, message) => {
    expect(() => parseSeed(seed)).toThrow(message);
  });

  test("with a duplicate customId is refused", async () => {
    const documents = [{ customId: "a" }, { customId: "a" }];
    await expect(openEmulator({ seed: { containers: { "pr-42": { documents } } } })).rejects.toThrow(
      "containers.pr-42.documents: duplicate customId a",
    );
  });
});
