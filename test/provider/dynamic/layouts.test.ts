import { execFileSync } from "node:child_process";
import { cpSync, mkdirSync, symlinkSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join, resolve } from "node:path";
import { providerText } from "../../../provider/dynamic/provider-text";
import { startEmulator } from "../support/host-emulator";
import { containing } from "../support/host-matchers";
import { startEngine } from "../support/host-engine";
import { emptyFolder, startServer } from "../support/host-process";
import { urnOfMemory } from "../support/host-stack";

const repository = resolve(__dirname, "../../..");
const name = "pulumi-supermemory";

describe("where the provider runs", () => {
  test("takes the SDK of the running process when the package has none beside it, as with SST and yarn 1", async () => {
    const project = emptyFolder();
    const home = join(project, "node_modules", name);
    for (const path of ["package.json", "dist"]) cpSync(join(repository, path), join(home, path), { recursive: true });
    symlinkSync(join(repository, "node_modules/undici"), join(project, "node_modules/undici"), "junction");
    const platform = join(project, ".sst/platform");
    mkdirSync(platform, { recursive: true });
    const [emulator, engine] = [await startEmulator({ "pr-42": 5 }), await startEngine()];
    const { server } = await startServer(platform, engine.address);
    await server.configure({ "supermemory:baseUrl": emulator.url, "supermemory:apiKey": emulator.apiKey });

    const news = { containerTags: ["pr-42"], __provider: providerText("containerPurge"), __urn: urnOfMemory };
    const { inputs } = await server.check(urnOfMemory, {}, { ...news, __known: true });
    const { outputs } = await server.create(urnOfMemory, inputs);

    expect(outputs).toMatchObject({ deletedCount: 5 });
    const message = containing("deleted 5 documents in pr-42");
    expect(engine.lines.at(-1)).toMatchObject({ urn: urnOfMemory, message });
  });

  const beside = ".pnpm/node_modules";
  const sdk = `node_modules/${beside}/@pulumi/pulumi/cmd/dynamic-provider/index.js`;

  test.each([
    ["beside the SDK when only a wrapper is installed in the working folder, as with pnpm", [beside], beside],
    ["in the working folder, even if there is another one beside the SDK", [beside, "."], "."],
  ])("finds the package %s", (_where, installed, found) => {
    const folder = emptyFolder();
    for (const place of installed) {
      const home = join(folder, "node_modules", place, name);
      mkdirSync(home, { recursive: true });
      writeFileSync(join(home, "package.json"), JSON.stringify({ name, exports: { "./provider": "./provider.js" } }));
      writeFileSync(join(home, "provider.js"), `exports.containerPurge = ${JSON.stringify(place)};`);
    }
    // The server evaluates the text of a resource with this library.
    const library = createRequire(require.resolve("@pulumi/pulumi")).resolve("require-from-string");
    const evaluate = `require(${JSON.stringify(library)})`;
    mkdirSync(dirname(join(folder, sdk)), { recursive: true });
    writeFileSync(
      join(folder, sdk),
      `console.log(${evaluate}(${JSON.stringify(providerText("containerPurge"))}).handler())`,
    );

    const shown = execFileSync(process.execPath, [sdk], { cwd: folder, encoding: "utf8", timeout: 60_000 });

    expect(shown.trim()).toBe(found);
  });
});
