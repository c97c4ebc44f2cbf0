import { existsSync } from "node:fs";
import { claimsPath } from "../../../provider/host/claims-file";
import { providerText } from "../../../provider/dynamic/provider-text";
import type { Emulator } from "../../../emulator/index";
import { mutations, startEmulator } from "../support/host-emulator";
import { containing, matching } from "../support/host-matchers";
import { startEngine } from "../support/host-engine";
import { emptyFolder, folderWithPackage, projectFolder, startServer } from "../support/host-process";
import { urnOfMemory } from "../support/host-stack";

const target = { urn: urnOfMemory, id: "purge-1" };
const __provider = providerText("containerPurge");
const sent = { containerTags: ["pr-42"], __provider, __urn: urnOfMemory };
const news = { ...sent, __known: true };

describe("the dynamic-provider server of the SDK", () => {
  test("takes a resource through its life, and each line lands on the resource's row", async () => {
    const { emulator, engine, printed, server } = await started({ "pr-42": 5, cache: 2 });
    const preview = await server.check(urnOfMemory, {}, { ...news, __preview: true });
    expect(preview.inputs).not.toHaveProperty("__preview");
    const { failures, inputs } = await server.check(urnOfMemory, {}, news);
    expect([failures, inputs]).toMatchObject([[], { ...sent, timeout: "10m" }]);
    const { id, outputs } = await server.create(urnOfMemory, inputs);
    expect(id).toMatch(/^purge-[0-9a-f]{12}$/);
    expect(outputs).toMatchObject({ ...sent, deletedCount: 5, pending: [], baseUrl: emulator.url });
    expect(await server.diff(target, outputs, inputs, inputs)).toBe(false);
    const changed = await server.check(urnOfMemory, inputs, { ...news, containerTags: ["pr-42", "cache"] });
    expect(await server.diff(target, outputs, changed.inputs, inputs)).toBe(true);
    const updated = await server.update(target, outputs, changed.inputs, inputs);
    expect(updated).toMatchObject({ deletedCount: 2, totalDeletedCount: 7 });
    emulator.seed({ containers: { cache: 4 } });
    const read = await server.read(target, updated, changed.inputs);
    expect(read.outputs).toMatchObject({ documentCount: 4, totalDeletedCount: 7 });
    expect(printed).toEqual([]);
    expect(new Set(engine.lines.map(({ urn }) => urn))).toEqual(new Set([urnOfMemory]));
    const lasting = engine.lines.filter(({ ephemeral }) => !ephemeral).map(({ message }) => message);
    expect(lasting).toEqual([
      matching(/^will delete 5 documents in pr-42 \(limit 10,000\)\ncreating this resource deletes existing documents/),
      matching(/^deleted 5 documents in pr-42 in [\d.]+ s$/),
      matching(/^deleted 2 documents in cache in [\d.]+ s \(7 in total\)$/),
      "4 documents (pr-42: 0, cache: 4); destroy will delete them",
    ]);
  });

  test("destroys what an earlier process created", async () => {
    const { emulator, server } = await started({ "pr-42": 5 });
    const { inputs } = await server.check(urnOfMemory, {}, { ...news, purgeOn: ["delete"] });
    const { outputs } = await server.create(urnOfMemory, inputs);
    const later = await restarted(server, emulator);
    await later.server.delete(target, outputs, inputs);
    expect([emulator.containers()["pr-42"], later.printed]).toEqual([0, []]);
  });

  test("logs a delete on the row of the URN in the state, which pulumi state rename changes, and of each at the same time", async () => {
    const { emulator, server } = await started({ "pr-42": 5 });
    const { inputs } = await server.check(urnOfMemory, {}, { ...news, purgeOn: ["delete"] });
    const { outputs } = await server.create(urnOfMemory, inputs);
    const later = await restarted(server, emulator);
    const renamed = ["::renamed", "::renamed2", "::renamed3"].map((name) => urnOfMemory.replace("::memory", name));
    await Promise.all(
      renamed.map(async (urn, index) => later.server.delete({ urn, id: `purge-${index}` }, outputs, inputs)),
    );
    const rows = later.engine.lines.filter(({ ephemeral }) => !ephemeral).map(({ urn }) => urn);
    expect(new Set(rows)).toEqual(new Set(renamed));
  });

  test("reports an error once, without a stack, whichever method fails", async () => {
    const { emulator, printed, server } = await started({ "pr-42": 5 });
    const { inputs } = await server.check(urnOfMemory, {}, news);
    const limited = { ...inputs, maxDeletions: 4 };
    const refusal = "this would delete 5 documents in pr-42, more than maxDeletions (4); nothing was deleted";
    await expect(server.create(urnOfMemory, limited)).rejects.toThrow(refusal);
    const { outputs } = await server.create(urnOfMemory, { ...limited, purgeOn: ["delete"] });
    await expect(server.update(target, outputs, { ...limited, triggers: 1 }, inputs)).rejects.toThrow(refusal);
    const damaged = { ...outputs, pending: 1 };
    await expect(server.diff(target, damaged, inputs, inputs)).rejects.toThrow("cannot be read (pending)");
    const later = await restarted(server, emulator);
    await expect(later.server.delete(target, outputs, inputs)).rejects.toThrow(refusal);
    const failures = [{ property: "containerTags" }];
    expect(await later.server.check(urnOfMemory, {}, { ...news, containerTags: "x" })).toMatchObject({ failures });
    const broken = await startServer(projectFolder(), "127.0.0.1:1");
    await broken.server.configure({ "supermemory:baseUrl": "nonsense" });
    await expect(broken.server.check(urnOfMemory, {}, news)).rejects.toThrow(
      'baseUrl has an invalid value: "nonsense"',
    );
    expect([...printed, ...later.printed, ...broken.printed]).toEqual([]);
  });

  test("a refresh of damaged state warns and keeps it, so that a destroy with a refresh gets to its own way out", async () => {
    const { emulator, server } = await started({ "pr-42": 5 });
    const { inputs } = await server.check(urnOfMemory, {}, news);
    const { outputs } = await server.create(urnOfMemory, inputs);
    const damaged = { ...outputs, pending: 1 };
    const later = await restarted(server, emulator);
    const read = await later.server.read(target, damaged, inputs);
    await later.server.diff(target, read.outputs, inputs, inputs);
    expect(read.outputs).toEqual(damaged);
    const line = "pulumi destroy would fail: the stored state of this resource cannot be read (pending)";
    expect(later.engine.lines.map(({ message }) => message)).toContainEqual(containing(line));
  });

  test("protects the tags of a second process of the command, whatever its key, and leaves no file behind", async () => {
    const { config, emulator, engine, server } = await started({ "pr-42": 5 });
    const second = await startServer(projectFolder(), engine.address);
    await second.server.configure({ ...config, "supermemory:apiKey": "sm_second" });
    const { inputs } = await server.check(urnOfMemory, {}, { ...news, purgeOn: ["delete"] });
    const { outputs } = await server.create(urnOfMemory, inputs);
    const other = { urn: `${urnOfMemory}2`, id: "purge-2" };
    await second.server.delete(other, { ...outputs, __urn: other.urn }, inputs);
    const message = containing("kept the documents in pr-42: another resource in this program manages it");
    expect(engine.lines.at(-1)).toMatchObject({ urn: other.urn, severity: "warning", message });
    expect([mutations(emulator), emulator.containers()["pr-42"]]).toEqual([[], 5]);
    const claims = claimsPath(engine.address) ?? "";
    expect(existsSync(claims)).toBe(true);
    await server.stop();
    await second.server.stop();
    expect(existsSync(claims)).toBe(false);
  });

  test("keeps a resource that was purged in part, with every input", async () => {
    const { emulator, printed, server } = await started({ a: 2, b: 3 });
    emulator.addFault({ match: { method: "DELETE", containerTag: "b" }, then: { kind: "serverError", status: 403 } });
    const { inputs } = await server.check(urnOfMemory, {}, { ...news, containerTags: ["a", "b"] });
    const stored = Object.fromEntries(Object.entries(inputs).filter(([name]) => name !== "__known"));
    await expect(server.create(urnOfMemory, inputs)).rejects.toMatchObject({
      properties: { ...stored, deletedCount: 2, pending: [{ containerTag: "b", event: "create" }] },
      reasons: [expect.stringContaining("deleted 2 of 5 documents")],
    });
    expect(printed).toEqual([]);
  });
});

describe("a package that cannot be loaded", () => {
  test("that is not installed gives one error that names the folder and both cures, once each time", async () => {
    const folder = emptyFolder();
    const { printed, server } = await startServer(folder, "127.0.0.1:1");
    await server.configure({});
    const sentence = [
      `pulumi-supermemory is not installed in ${folder} or a folder above it; nothing was deleted`,
      "run npm ci, or npm i pulumi-supermemory",
      "if you removed it on purpose, run: pulumi state delete '<urn>' (this purges nothing)",
    ].join("\n");
    const calls = [server.check(urnOfMemory, {}, news), server.delete(target, news, news)];
    await Promise.all(calls.map(async (call) => expect(call).rejects.toMatchObject({ message: sentence })));
    await expect(server.check(urnOfMemory, {}, news)).rejects.toThrow(sentence);
    expect(printed).toEqual([]);
  });

  test.each([
    ["a reason of its own", "syntax error", "Unexpected identifier"],
    ["want of another module", 'require("some-other-module")', /^Cannot find module 'some-other-module'/],
  ])("for %s says that, as it is, and prints no stack", async (_why, code, message) => {
    const { printed, server } = await startServer(folderWithPackage(code), "127.0.0.1:1");
    await server.configure({});
    await expect(server.check(urnOfMemory, {}, news)).rejects.toThrow(message);
    expect(printed).toEqual([]);
  });
});

async function started(containers: Readonly<Record<string, number>>) {
  const emulator = await startEmulator(containers);
  return { emulator, ...(await providerProcess(emulator)) };
}

async function restarted(server: { stop(): Promise<void> }, emulator: Emulator) {
  await server.stop();
  return await providerProcess(emulator);
}

async function providerProcess({ apiKey, url }: Emulator) {
  const engine = await startEngine();
  const started = await startServer(projectFolder(), engine.address);
  const config = { "supermemory:baseUrl": url, "supermemory:apiKey": apiKey };
  await started.server.configure(config);
  return { config, engine, ...started };
}
