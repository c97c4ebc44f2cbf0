import { spawn } from "node:child_process";
import { once } from "node:events";
import { resolve } from "node:path";
import { z } from "zod";
import { secretKey } from "../support/connect";
import { startAnswering } from "../support/hostile";

/** What Node writes about a process that fails: its diagnostic report, and an uncaught error. */
describe("after an unreadable response in a provider process", () => {
  test("neither report nor crash contains a key of the configuration", async () => {
    const hostile = await startAnswering(200, `Bearer ${secretKey}`);
    const { error, ...places } = await afterNonsense(hostile.url, {}, true);
    expect(error).toContain("returned 200 with a body that is not JSON");
    expect(places).toEqual({ report: false, crash: false });
    expect(hostile.requests[0]).toBe("POST /v3/documents/list");
  });

  test("the report contains a key of the environment", async () => {
    const { url } = await startAnswering(200, "nonsense");
    expect(await afterNonsense(url, { SUPERMEMORY_API_KEY: secretKey }, false)).toMatchObject({ report: true });
  });
});

/** Where the key is found after a failed create in a process of its own, which receives the key as input. */
async function afterNonsense(baseUrl: string, env: Readonly<Record<string, string>>, configured: boolean) {
  const child = spawn(process.execPath, ["--import", "tsx", "-e", program], {
    env: { ...env, PROVIDER: resolve(__dirname, "../../../provider"), BASE_URL: baseUrl },
    stdio: ["pipe", "pipe", "inherit"],
    timeout: 60_000,
  });
  child.stdin.end(JSON.stringify({ key: secretKey, configured }));
  let printed = "";
  child.stdout.on("data", (chunk: Buffer) => (printed += chunk.toString()));
  await once(child, "close");
  return z.object({ error: z.string(), report: z.boolean(), crash: z.boolean() }).parse(JSON.parse(printed));
}

const program = `
const { inspect } = require("node:util");
const { Host } = require(process.env.PROVIDER + "/host/host.ts");
const { ContainerPurgeHandler } = require(process.env.PROVIDER + "/container-purge/provider.ts");
const { dynamicMethods } = require(process.env.PROVIDER + "/dynamic/methods.ts");
const { systemClock } = require(process.env.PROVIDER + "/client/deadline.ts");
const input = JSON.parse(require("node:fs").readFileSync(0, "utf8"));
const env = { ...process.env, SUPERMEMORY_BASE_URL: process.env.BASE_URL };
const host = new Host({ argv: [], env, cwd: ".", clock: systemClock, print: () => {} });
const methods = dynamicMethods(host, new ContainerPurgeHandler(host));
methods.configure({ config: { get: (name) => (name === "supermemory:apiKey" && input.configured ? input.key : undefined) } });
const holdsKey = (text) => text.includes(input.key);
(async () => {
  const { inputs } = await methods.check({}, { containerTags: ["pr-42"] });
  const error = await methods.create(inputs).catch((reason) => reason);
  const crash = inspect(error, { depth: 10, showHidden: true });
  const report = JSON.stringify(process.report.getReport(error));
  await host.close();
  process.stdout.write(JSON.stringify({ error: error.message, report: holdsKey(report), crash: holdsKey(crash) }));
})();
`;
