import { openProvider } from "../support/host-calls";
import { startEmulator } from "../support/host-emulator";
import { OneResourceStack } from "../support/host-stack";

const purge = "pulumi-nodejs:dynamic/supermemory:ContainerPurge::memory";
const urn = `urn:pulumi:dev::shop::supermemory:index:EphemeralContainer$${purge}`;

test.each<[string, string, readonly string[], readonly string[]]>([
  ["allowed if it is protected", urn, ["live:shop:dev"], ["live:shop:dev", "eu-prod"]],
  [
    "allowed inside another component",
    urn.replace("supermemory:index", "a:b:C$supermemory:index"),
    ["live:shop:dev"],
    ["live:shop:dev", "eu-prod"],
  ],
  ["not mentioned if it is not protected", urn, ["acme:shop:dev"], ["eu-prod"]],
])("the own tag of an EphemeralContainer is %s", async (_case, resource, containerTags, allowProtectedTags) => {
  const emulator = await startEmulator({});
  const env = { SUPERMEMORY_BASE_URL: emulator.url, SUPERMEMORY_API_KEY: emulator.apiKey };
  const { check } = openProvider({ env });
  const args = { containerTags, allowProtectedTags: ["eu-prod"], __urn: resource, __provider: "text" };
  const { failures, inputs } = await check({}, args);
  expect([failures, inputs["allowProtectedTags"]]).toEqual([[], allowProtectedTags]);
});

test("a ContainerPurge inside another component may not purge a protected tag", async () => {
  const emulator = await startEmulator({});
  const env = { SUPERMEMORY_BASE_URL: emulator.url, SUPERMEMORY_API_KEY: emulator.apiKey };
  const { check } = openProvider({ env });
  for (const parent of ["acme:index:EphemeralContainer", "supermemory:index:EphemeralContainer$a:b:C"]) {
    const args = { containerTags: ["live"], __urn: `urn:pulumi:dev::shop::${parent}$${purge}`, __provider: "text" };
    expect((await check({}, args)).failures).toHaveLength(1);
  }
});

/** The engine keeps the tag of the first up, because of ignoreChanges. */
test("a prefix that is no longer protected, or that becomes protected, changes nothing", async () => {
  for (const containerTags of [["live:shop:dev"], ["acme:shop:dev"]]) {
    const emulator = await startEmulator({});
    const stack = new OneResourceStack(emulator, {}, urn);
    await stack.up({ containerTags });
    const { changes, failures } = await stack.up({ containerTags });
    expect([failures, changes]).toEqual([[], false]);
    expect((await stack.destroy()).error).toBeUndefined();
  }
});
