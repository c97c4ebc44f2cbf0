import { clear, type SupermemoryApi } from "../../../provider/client/api";
import { contextOf } from "../../../provider/purge/context";
import type { PurgeSession } from "../../../provider/purge/types";
import { openProvider } from "../support/host-calls";
import { mutations, startEmulator } from "../support/host-emulator";
import { errorOf } from "../support/world";

type Context = ReturnType<typeof contextOf>;
type Work = (session: PurgeSession) => Promise<unknown>;

const deletes: Readonly<Record<string, (api: SupermemoryApi, context: Context) => Promise<unknown>>> = {
  "by ids": async (api, context) => await api.deleteIds(clear({ containerTag: "pr-42", ids: ["a"] }), context),
  "of a container": async (api, context) => await api.deleteContainer(clear({ container: "pr-42" }), context),
  "by tag": async (api, context) => await api.deleteByTag(clear("pr-42"), context),
};

const skip = { SUPERMEMORY_PURGE: "skip" };
const ways = [
  ["look", {}],
  ["read", {}],
  ["purge", skip],
] as const;

describe.each(ways)("a session with mode %s and the environment %j", (mode, env) => {
  test.each([
    ["v3", "by tag"],
    ["v3", "by ids"],
    ["v3", "of a container"],
    ["v5", "by ids"],
    ["v5", "of a container"],
  ])("cannot send a delete over %s, %s", async (apiVersion, how) => {
    const emulator = await startEmulator({ "pr-42": 5 });
    const config = { "supermemory:apiKey": emulator.apiKey, "supermemory:baseUrl": emulator.url };
    const { host } = openProvider({ config: { ...config, "supermemory:apiVersion": apiVersion }, env });
    const work: Work = async ({ api, ...session }) => await deletes[how]?.(api, contextOf({ api, ...session }));
    const { message } = await errorOf(
      host.session({ mode, settings: host.settings(), urn: undefined, timeoutMs: 10_000 }, work),
    );
    expect(message).toMatch(/^DELETE http.* was not sent, because this connection is read-only$/);
    expect(mutations(emulator)).toEqual([]);
    expect(emulator.containers()).toEqual({ bystander: 3, "pr-42": 5 });
  });
});
