import { clear } from "../../../provider/client/api";
import { contextOf } from "../../../provider/purge/context";
import { openProvider } from "../support/host-calls";
import { mutations, startEmulator } from "../support/host-emulator";
import { errorOf } from "../support/world";

test.each([
  ["look", {}],
  ["read", {}],
  ["purge", { SUPERMEMORY_PURGE: "skip" }],
] as const)("a session with mode %s and the environment %j cannot send a delete over v3 or v5", async (mode, env) => {
  for (const apiVersion of ["v3", "v5"]) {
    const emulator = await startEmulator({ "pr-42": 5 });
    const config = { "supermemory:apiKey": emulator.apiKey, "supermemory:baseUrl": emulator.url };
    const { host } = openProvider({ config: { ...config, "supermemory:apiVersion": apiVersion }, env });
    const session = { mode, settings: host.settings(), urn: undefined, timeoutMs: 10_000 };
    const sent = host.session(session, (open) =>
      open.api.deleteContainer(clear({ container: "pr-42" }), contextOf(open)),
    );
    const { message } = await errorOf(sent);
    expect(message).toMatch(/^DELETE http.* was not sent, because this connection is read-only$/);
    expect(mutations(emulator)).toEqual([]);
    expect(emulator.containers()).toEqual({ bystander: 3, "pr-42": 5 });
  }
});

test("the purges of a process at one address know of each other's missing responses", async () => {
  const { host } = openProvider({ config: { "supermemory:apiKey": "sm_test" } });
  const settings = host.settings();
  const lossesAt = async (baseUrl: string): Promise<unknown> =>
    await host.session(
      { mode: "read", settings: { ...settings, baseUrl }, urn: undefined, timeoutMs: 10_000 },
      (open) => Promise.resolve(open.losses),
    );
  const [one, same, other] = [
    await lossesAt("https://a.example"),
    await lossesAt("https://a.example"),
    await lossesAt("https://b.example"),
  ];
  expect(one).toBeDefined();
  expect(same).toBe(one);
  expect(other).not.toBe(one);
});
