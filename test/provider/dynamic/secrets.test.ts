import { PartialFailure } from "../../../provider/dynamic/engine-errors";
import { cleanupPolicyMethods, openProvider, type Properties } from "../support/host-calls";
import { startEmulator } from "../support/host-emulator";
import { urnOfMemory } from "../support/host-stack";
import { errorOf } from "../support/world";

const naming = ["allowProtectedTags", "containerTag", "deletedByTag", "pending"];
const news = { containerTags: ["tenant-7", "pr-42"], __provider: "text", __urn: urnOfMemory };
const secretNews = { ...news, __secret: true };

async function open() {
  const emulator = await startEmulator({ "tenant-7": 3, "pr-42": 2 });
  const env = { SUPERMEMORY_BASE_URL: emulator.url, SUPERMEMORY_API_KEY: emulator.apiKey };
  return {
    emulator,
    env,
    provider: openProvider({ env }),
    policies: () => openProvider({ env, methods: cleanupPolicyMethods }),
  };
}

describe("the outputs of a ContainerPurge that name a tag", () => {
  test("are secret when a tag is, and otherwise not, also after a refresh", async () => {
    const { provider } = await open();
    for (const [given, expected] of [
      [secretNews, naming],
      [news, []],
    ] as const) {
      const { inputs } = await provider.check({}, given);
      expect(secretsIn(inputs)).toEqual([]);
      const { id, outputs } = await provider.create(inputs);
      expect(secretsIn(outputs)).toEqual(expected);
      expect(secretsIn(await provider.read(id, plain(outputs)))).toEqual(expected);
      expect(plain(outputs)).toMatchObject({ containerTag: null, pending: [] });
    }
  });

  test("are secret in an update that removes the secret tag, until a purge without it was recorded", async () => {
    const { emulator, env, provider } = await open();
    const checked = async (given: Properties) => (await openProvider({ env }).check({}, given)).inputs;
    const { id, outputs } = await provider.create(await checked(secretNews));
    emulator.seed({ containers: { "tenant-7": 1, "pr-42": 1 } });
    const fewer = await checked({ ...news, containerTags: ["pr-42"] });
    const removed = await provider.update(id, plain(outputs), fewer);
    expect(plain(removed)["deletedByTag"]).toEqual({ "tenant-7": 1 });
    expect(secretsIn(removed)).toEqual(naming);
    expect(secretsIn(await provider.read(id, plain(removed)))).toEqual(naming);
    const again = await checked({ ...news, containerTags: ["pr-42"], triggers: 1 });
    const purged = await provider.update(id, plain(removed), again);
    expect(plain(purged)["deletedByTag"]).toEqual({ "pr-42": 1 });
    expect(secretsIn(purged)).toEqual([]);
  });

  test("are secret when the purge fails halfway", async () => {
    const { emulator, provider } = await open();
    emulator.addFault({
      match: { method: "DELETE", containerTag: "pr-42" },
      then: { kind: "serverError", status: 403 },
    });
    const { inputs } = await provider.check({}, secretNews);
    const failure = await errorOf(provider.create(inputs));
    const stored = failure instanceof PartialFailure ? failure.properties : {};
    expect(secretsIn(stored)).toEqual(naming);
    expect(plain(stored)["pending"]).toEqual([{ containerTag: "pr-42", event: "create" }]);
  });
});

test("the plan and the result of a policy are secret when a glob is, and otherwise not", async () => {
  const { policies } = await open();
  const urn = urnOfMemory.replace("ContainerPurge::memory", "CleanupPolicy::nightly");
  for (const [more, expected, planned] of [
    [{ __secret: true }, ["planned", "purged"], ["plannedTags"]],
    [{}, [], []],
  ] as const) {
    const provider = policies();
    const { inputs } = await provider.check(
      {},
      { match: ["tenant-*"], inactiveFor: "0s", __provider: "text", __urn: urn, ...more },
    );
    expect(secretsIn(inputs)).toEqual(planned);
    const { outputs } = await provider.create(plain(inputs));
    expect(secretsIn(outputs)).toEqual(expected);
  }
});

function secretsIn(properties: Properties): readonly string[] {
  return Object.keys(properties)
    .filter((name) => isSecret(properties[name]))
    .sort();
}

/** What the engine sends to a provider that does not accept secrets. */
function plain(properties: Properties): Properties {
  return Object.fromEntries(
    Object.entries(properties).map(([name, value]) => [name, isSecret(value) ? value.value : value]),
  );
}

function isSecret(value: unknown): value is { readonly value: unknown } {
  const mark = { "4dabf18193072939515e22adb298388d": "1b47061264138c4ac30d75fd1eb44270" };
  return (
    typeof value === "object" &&
    value !== null &&
    "value" in value &&
    Object.entries(mark).every(([key, sign]) => Reflect.get(value, key) === sign)
  );
}
