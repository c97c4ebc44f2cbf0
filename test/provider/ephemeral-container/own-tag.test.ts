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

describe("the final line of a destroy", () => {
  const containerTags = ["shop:dev"];
  const left = 'the empty container still exists. To delete it too, set scope: "container"';
  const log = { metadata: { kind: "log" } };

  test.each<[string, object, string]>([
    ["shows that the container still exists", {}, `deleted 2 documents in shop:dev in 0.0 s\n${left}`],
    [
      "shows nothing of a container that was deleted",
      { scope: "container" },
      "deleted container shop:dev with 2 documents in 0.0 s",
    ],
    [
      "shows nothing of a container with other documents",
      { select: log },
      "deleted 1 document in shop:dev in 0.0 s; kept 1 document: not selected",
    ],
  ])("of an EphemeralContainer %s", async (_case, more, line) => {
    const emulator = await startEmulator({});
    const stack = new OneResourceStack(emulator, {}, urn);
    await stack.up({ containerTags, purgeOn: ["delete"], ...more });
    emulator.seed({ containers: { "shop:dev": { documents: [log, {}] } } });
    expect((await stack.destroy()).lines).toEqual([line]);
  });

  test("of an EphemeralContainer without documents, or of a ContainerPurge, shows nothing of the container", async () => {
    const emulator = await startEmulator({});
    const own = new OneResourceStack(emulator, {}, urn);
    await own.up({ containerTags });
    expect((await own.destroy()).lines).toEqual(["shop:dev is already empty"]);
    emulator.seed({ containers: { "shop:dev": 2 } });
    const stack = new OneResourceStack(emulator);
    expect((await stack.up({ containerTags })).lines).toEqual(["deleted 2 documents in shop:dev in 0.0 s"]);
  });
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
