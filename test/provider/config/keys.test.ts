import { readSettings } from "../../../provider/config/settings";
import { requireKey } from "../../../provider/config/keys";

const env = { SUPERMEMORY_PURGE_API_KEY: "for-purge", SUPERMEMORY_API_KEY: "from-env" };

test("an explicit provider uses its own key before the variables of the default one", () => {
  expect(readSettings({ instance: "other-org", apiKey: "own" }, env).apiKey).toBe("own");
});

test("an explicit provider never falls back to another key", () => {
  const settings = readSettings({ instance: "other-org" }, env);
  expect(settings.apiKey).toBeUndefined();
  expect(() => requireKey(settings)).toThrow(/the provider other-org has no API key/);
  expect(() => requireKey(settings)).toThrow(/SUPERMEMORY_PURGE_API_KEY_OTHER_ORG/);
});

test("only the variable with the name of an explicit provider overrides its key", () => {
  const own = { ...env, SUPERMEMORY_PURGE_API_KEY_OTHER_ORG: "rotated", SUPERMEMORY_PURGE_API_KEY_OTHER: "wrong" };
  expect(readSettings({ instance: "other-org", apiKey: "own" }, own).apiKey).toBe("rotated");
});

test("a key of any instance in the wrong setting is not shown", () => {
  const misplaced = { SUPERMEMORY_PURGE_API_KEY_OTHER_ORG: "sm_secret_1", SUPERMEMORY_BASE_URL: "sm_secret_1" };
  expect(() => readSettings({ instance: "other-org" }, misplaced)).toThrow(
    expect.objectContaining({ message: expect.not.stringContaining("sm_secret_1") as unknown }) as Error,
  );
});
