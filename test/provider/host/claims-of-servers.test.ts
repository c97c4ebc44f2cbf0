import { existsSync } from "node:fs";
import { claimsPath } from "../../../provider/host/claims";
import { providerText } from "../../../provider/dynamic/provider-text";
import { mutations, startEmulator } from "../support/host-emulator";
import { startEngine } from "../support/host-engine";
import { containing } from "../support/host-matchers";
import { projectFolder, startServer } from "../support/host-process";
import { urnOfMemory } from "../support/host-stack";

const other = urnOfMemory.replace("::memory", "::memory2");
const news = { containerTags: ["pr-42"], purgeOn: ["delete"], __provider: providerText("containerPurge") };

describe("two provider processes of one command", () => {
  test("protect each other's tags, whatever their keys, and leave no file behind", async () => {
    const { config, emulator, engine, server } = await started();
    const second = await startServer(projectFolder(), engine.address);
    await second.server.configure({ ...config, "supermemory:apiKey": "sm_second" });
    const { inputs } = await server.check(urnOfMemory, {}, { ...news, __urn: urnOfMemory });
    const { outputs } = await server.create(urnOfMemory, inputs);
    await second.server.delete({ urn: other, id: "purge-2" }, { ...outputs, __urn: other }, inputs);
    expect(engine.lines.at(-1)).toMatchObject({
      urn: other,
      severity: "warning",
      message: containing("kept the documents in pr-42: another resource in this program manages it"),
    });
    expect([mutations(emulator), emulator.containers()["pr-42"]]).toEqual([[], 5]);
    expect(existsSync(claimsPath(engine.address) ?? "")).toBe(true);
    await server.stop();
    await second.server.stop();
    expect(existsSync(claimsPath(engine.address) ?? "")).toBe(false);
  });

  test("do not let two resources manage one tag with one key", async () => {
    const { config, engine, server } = await started();
    const second = await startServer(projectFolder(), engine.address);
    await second.server.configure(config);
    await server.check(urnOfMemory, {}, { ...news, __urn: urnOfMemory });
    const { failures } = await second.server.check(other, {}, { ...news, __urn: other });
    expect(failures).toEqual([
      {
        property: "containerTags",
        reason: "two resources manage pr-42: this one and shop::ContainerPurge::memory\nremove it from one of them",
      },
    ]);
  });

  test("no longer protect what a process claimed that has ended", async () => {
    const { config, emulator, engine, server } = await started();
    const { inputs } = await server.check(urnOfMemory, {}, { ...news, __urn: urnOfMemory });
    const { outputs } = await server.create(urnOfMemory, inputs);
    await server.stop();
    const later = await startServer(projectFolder(), engine.address);
    await later.server.configure(config);
    await later.server.delete({ urn: urnOfMemory, id: "purge-1" }, outputs, inputs);
    expect(mutations(emulator)).toEqual(["DELETE pr-42"]);
  });
});

async function started() {
  const emulator = await startEmulator({ "pr-42": 5 });
  const engine = await startEngine();
  const { server } = await startServer(projectFolder(), engine.address);
  const config = { "supermemory:baseUrl": emulator.url, "supermemory:apiKey": emulator.apiKey };
  await server.configure(config);
  return { config, emulator, engine, server };
}
