import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { hasSignals } from "../engine/signals";
import { startNode, temporaryFolder, type Ended, type NodeProcess } from "./support/process";

const cli = join(__dirname, "../../emulator/cli.ts");
const built = join(__dirname, "../../dist/emulator/cli.js");

describe("the emulator's command", () => {
  (hasSignals ? test : test.skip)("prints its URL, accepts the key, serves the seed, and ends on SIGTERM", async () => {
    const running = command("--port", "0", "--seed", seedFile({ containers: { "pr-42": 3 } }), "--api-key", "my-key");
    const url = await running.firstLine;
    const response = await fetch(`${url ?? ""}/v3/container-tags/list`, {
      headers: { authorization: "Bearer my-key" },
    });
    expect(await response.json()).toMatchObject([{ containerTag: "pr-42", documentCount: 3 }]);
    running.child.kill("SIGTERM");
    const { stderr, ...ended } = await running.ended;
    expect(ended).toEqual({ code: 0, stdout: `${url ?? ""}\n` });
    for (const text of ["accepts the key my-key", `=${url ?? ""}\n`, "SUPERMEMORY_API_KEY=my-key\n", "Ctrl-C"]) {
      expect(stderr).toContain(text);
    }
  });

  test("runs from the built package, as npx does", async () => {
    const url = await startNode([built, "emulator", "--port", "0"]).firstLine;
    const headers = { "x-api-key": "sm_emulator_key" };
    expect((await fetch(`${url ?? ""}/namespaces`, { headers })).status).toBe(200);
  });

  test("explains itself without a command, and refuses another", async () => {
    const nothing = await startNode([built]).ended;
    expect([nothing.code, nothing.stdout]).toEqual([0, expect.stringContaining("npx pulumi-supermemory emulator")]);
    const other = await startNode([built, "server"]).ended;
    expect([other.code, other.stderr]).toEqual([
      1,
      expect.stringContaining('the command is "server"; allowed: emulator'),
    ]);
  });

  test("serves an API without v3 with --v3 gone", async () => {
    const url = await command("--port", "0", "--v3", "gone").firstLine;
    const statusOf = async (path: string): Promise<number> =>
      (await fetch(`${url ?? ""}${path}`, { headers: { "x-api-key": "sm_emulator_key" } })).status;
    expect([await statusOf("/v3/session"), await statusOf("/namespaces")]).toEqual([410, 200]);
  });

  test("explains its options", async () => {
    const { code, stdout } = await run("--help");
    expect(code).toBe(0);
    for (const flag of ["--port", "--seed", "--api-key", "--processing-ms", "--v3", "--v5"])
      expect(stdout).toContain(flag);
  });

  test.each([
    [["--port", "many"], '--port is "many"; allowed: a whole number from 0 to 65535'],
    [["--prot", "1"], "Unknown option '--prot'"],
    [["--api-key", "a b"], "--api-key is empty or contains blanks"],
    [["--v3", "down"], '--v3 is "down"; allowed: on, off, gone'],
    [["--seed", "/nowhere/seed.json"], "the seed file /nowhere/seed.json cannot be used: ENOENT"],
  ])("refuses %j with one clear message", async (args, message) => {
    const { code, stdout, stderr } = await run(...args);
    expect([code, stdout, stderr]).toEqual([1, "", expect.stringContaining(message) as unknown]);
    expect(stderr).not.toContain("    at ");
  });

  test("reports an invalid field of a seed file, and a port in use", async () => {
    const invalid = await run("--seed", seedFile({ containers: { "pr-42": { documents: -1 } } }));
    expect(invalid.stderr).toContain("containers.pr-42.documents: -1: allowed: ");
    const running = command("--port", "0");
    const port = new URL((await running.firstLine) ?? "").port;
    expect((await run("--port", port)).stderr).toContain("choose another with --port");
  });
});

function command(...args: string[]): NodeProcess {
  return startNode(["--import", "tsx", cli, "emulator", ...args]);
}

function run(...args: string[]): Promise<Ended> {
  return command(...args).ended;
}

function seedFile(seed: unknown): string {
  const file = join(temporaryFolder(), "seed.json");
  writeFileSync(file, JSON.stringify(seed));
  return file;
}
