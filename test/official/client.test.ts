import { readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import Supermemory from "supermemory";
import { z } from "zod";
import { start } from "../emulator/support/running";
import { commandLine, officialVersion } from "./clients";

const seed = { containers: { "pr-42": 2, bystander: 1 } };
type Call = (client: Supermemory) => Promise<unknown>;

/** Calls of the client that the emulator does not support. */
const notEmulated: readonly (readonly [route: string, call: Call])[] = [
  ["GET /v3/settings", (client) => client.settings.get()],
  ["PATCH /v3/settings", (client) => client.settings.update({})],
  ["POST /v4/search", (client) => client.search({ q: "anything" })],
  ["DELETE /v4/memories", (client) => client.memories.forget({ containerTag: "pr-42", id: "a" })],
  ["POST /v3/connections/list", (client) => client.connections.list({})],
  ["POST /v4/profile", (client) => client.profile({ containerTag: "pr-42" })],
];

describe("the official client", () => {
  test("has the version that the tests name, and includes the command line", async () => {
    const { emulator } = await start();
    const file = join(dirname(require.resolve("supermemory")), "package.json");
    const { bin, version } = z
      .looseObject({ version: z.string(), bin: z.record(z.string(), z.string()) })
      .parse(JSON.parse(readFileSync(file, "utf8")));
    expect([version, bin]).toEqual([officialVersion, { supermemory: "./bin/cli" }]);
    expect((await commandLine(emulator, "--version")).stdout).toMatch(/^\d+\.\d+\.\d+\n$/);
  });

  test.each(notEmulated)("gets a 404 that names %s as unsupported", async (route, call) => {
    const { client, emulator } = await start({ seed });
    const error: unknown = await call(client).catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(Supermemory.NotFoundError);
    expect(String(error)).toContain(`no route ${route}`);
    expect(emulator.containers()).toEqual(seed.containers);
  });
});
