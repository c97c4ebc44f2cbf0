import { API_ENDS } from "../../../emulator/api/api-version";
import { checkArgs } from "../../../provider/container-purge/args";
import { openProvider, type Properties } from "../support/host-calls";
import { startEmulator } from "../support/host-emulator";
import { deployed, startStack, urnOfMemory } from "../support/host-stack";

const args = { containerTags: ["pr-42"], purgeOn: ["delete"] };
const reader = { key: "scoped-to-pr-43", containerTags: ["pr-43"] };
const apiKeys = [{ key: "sm_first" }, reader];
const wouldFail = "warning: pulumi destroy would fail: ";
const check = "check SUPERMEMORY_PURGE_API_KEY, supermemory:apiKey and SUPERMEMORY_API_KEY (the first one set is used)";
const before =
  "run: pulumi config set --secret supermemory:apiKey, then run pulumi up, or set SUPERMEMORY_PURGE_API_KEY=<key> for the destroy";

/** A key that one version rejects is also shown to the other one, because a version that has ended may reject every key. */
const bothVersions = 2;

describe("an up that needs no key itself", () => {
  test.each([
    ["is missing", undefined, [`${wouldFail}no API key is set`, before]],
    ["is rejected", "sm_wrong", [`${wouldFail}the API rejected the key (401): "Unauthorized"`, check, before]],
    [
      "may not list the documents",
      reader.key,
      [
        `${wouldFail}the key may not list documents (403): "Forbidden"`,
        "use a key that can read these containers",
        before,
      ],
    ],
  ])("warns if the key of a destroy %s, and succeeds", async (_what, key, warning) => {
    const { emulator, requests, stack } = await deployed({ "pr-42": 4 }, args, { apiKeys });
    const env = { SUPERMEMORY_API_KEY: key };
    const unchanged = await stack.up(args, env);
    expect([unchanged.error, unchanged.failures, unchanged.changes]).toEqual([undefined, [], false]);
    expect(unchanged.lines.filter((line) => line.startsWith(wouldFail))).toEqual([warning.join("\n")]);
    expect(emulator.requests.length).toBe(requests + (key === undefined ? 0 : bothVersions));
    const changed = await stack.up({ ...args, maxDeletions: 9 }, env);
    expect([changed.error, changed.changes]).toEqual([undefined, true]);
    expect(changed.lines.filter((line) => line.startsWith(wouldFail))).toEqual([warning.join("\n")]);
  });

  test.each(["v3", "v5"])("asks for one document of the container, on %s", async (version) => {
    const { emulator, requests, stack } = await deployed({ "pr-42": 4 }, args);
    const { lines } = await stack.up(args, { SUPERMEMORY_API_VERSION: version });
    const sent = emulator.requests.slice(requests);
    expect([lines, sent.map(({ api, method }) => `${method} ${String(api)}`)]).toEqual([[], [`POST ${version}`]]);
    expect(version === "v3" ? sent[0]?.body : sent[0]?.query).toMatchObject({ limit: version === "v3" ? 1 : "1" });
    expect(sent[0]?.containerTags).toEqual(["pr-42"]);
  });

  test("says nothing of an API that does not respond, or of a firewall", async () => {
    const { emulator, stack } = await deployed({ "pr-42": 4 }, args);
    emulator.addFault({ then: { kind: "refusal", status: 403, as: "html", when: "beforeEffect" } });
    emulator.addFault({ nth: 2, then: { kind: "serverError", status: 503 } });
    for (let round = 1; round <= 2; round += 1) expect((await stack.up(args)).lines).toEqual([]);
    expect(emulator.unhitFaults()).toEqual([]);
    await emulator.close();
    expect(await stack.up(args)).toMatchObject({ error: undefined, lines: [] });
  });

  test.each(API_ENDS)("says nothing of a key that v5 accepts, after v3 ended as %s", async (end) => {
    const { stack } = await startStack({ "pr-42": 4 }, { v3: end });
    await stack.up(args);
    expect((await stack.up(args)).lines).toEqual([]);
  });
});

describe("several resources of one command", () => {
  const urns = ["pr-42", "pr-43", "pr-44"].map((tag) => `${urnOfMemory}-${tag}`);

  test("ask once, and warn once", async () => {
    const { diff, emulator, provider } = await open("sm_wrong");
    await Promise.all(urns.map(diff));
    expect(emulator.requests.map(({ api }) => api)).toEqual(["v3", "v5"]);
    expect(provider.lines.filter((line) => line.startsWith(wouldFail))).toHaveLength(1);
  });

  test("do not ask if another request has shown that the API accepts the key", async () => {
    const { diff, emulator, provider } = await open("sm_first");
    await provider.create({ ...checked(`${urnOfMemory}-pr-45`), purgeOn: ["create"] });
    const sent = emulator.requests.length;
    expect(sent).toBeGreaterThan(0);
    await Promise.all(urns.map(diff));
    expect(emulator.requests.length).toBe(sent);
  });

  async function open(key: string) {
    const emulator = await startEmulator({ "pr-42": 4 }, { apiKeys });
    const env = { SUPERMEMORY_BASE_URL: emulator.url };
    const without = openProvider({ env });
    const provider = openProvider({ env: { ...env, SUPERMEMORY_API_KEY: key } });
    const diff = async (urn: string): Promise<void> => {
      const { outputs } = await without.create(checked(urn));
      await provider.check(checked(urn), checked(urn));
      expect(await provider.diff("id", outputs, checked(urn))).toBe(false);
    };
    return { diff, emulator, provider };
  }

  function checked(urn: string): Properties {
    const { inputs } = checkArgs({ ...args, containerTags: [urn.slice(-5)] });
    return { ...inputs, __provider: "text", __urn: urn };
  }
});
