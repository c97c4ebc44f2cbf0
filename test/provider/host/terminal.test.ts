import { spawn } from "node:child_process";
import { once } from "node:events";
import { findCli, showsRows } from "../../../provider/host/terminal";
import { atEnd } from "../support/ends";

const typed = { args: ["pulumi", "up"], streams: ["/dev/pts/3", "/dev/pts/3"] };

describe("the rows of the CLI overwrite each other", () => {
  test.each([
    ["in a terminal", {}, typed],
    ["on the console", {}, { ...typed, streams: ["/dev/tty1", "/dev/console"] }],
    ["in CI whose detection is switched off", { GITHUB_ACTIONS: "true", PULUMI_DISABLE_CI_DETECTION: "1" }, typed],
    ["where a variable of CI is empty", { TRAVIS: "", CI_NAME: "other" }, typed],
  ])("%s", (_where, env, cli) => {
    expect(showsRows(env, cli, true)).toBe(true);
  });
});

describe("the CLI prints each change of a row", () => {
  test.each([
    ["when its output is piped", {}, { ...typed, streams: ["/dev/pts/3", "pipe:[4711]"] }],
    ["when its input is piped", {}, { ...typed, streams: ["/dev/null", "/dev/pts/3"] }],
    ["with --non-interactive", {}, { ...typed, args: ["pulumi", "up", "--non-interactive"] }],
    ["in CI", { GITHUB_ACTIONS: "true" }, typed],
    ["in CI of Codeship", { CI_NAME: "codeship" }, typed],
    ["in a dumb terminal", { TERM: "Dumb" }, typed],
  ])("%s", (_when, env, cli) => {
    expect(showsRows(env, cli, true)).toBe(false);
  });
});

test.each([
  [true, "with a controlling terminal", {}, true],
  [false, "without one", {}, false],
  [false, "for the Automation API", { PULUMI_AUTOMATION_API: "true" }, true],
] as const)("if the CLI cannot be looked at, rows overwrite each other: %s %s", (shows, _when, env, controlled) => {
  expect(showsRows(env, undefined, controlled)).toBe(shows);
});

const onLinux = process.platform === "linux" ? test : test.skip;

onLinux("the CLI is found behind a shell, with its arguments and streams", async () => {
  const shell = `require("node:child_process").spawn("sh", ["-c", "echo $$; cat"], { stdio: ["pipe", "inherit", "inherit"] });`;
  const cli = spawn(process.execPath, ["-e", shell, "up"], { argv0: "pulumi", stdio: ["ignore", "pipe", "ignore"] });
  atEnd(async () => {
    if (cli.exitCode === null && cli.kill()) await once(cli, "close");
  });
  const printed: readonly unknown[] = await once(cli.stdout, "data");
  const found = findCli(Number(String(printed[0])));
  expect(found?.args).toEqual(["pulumi", "-e", shell, "up", ""]);
  expect(found?.streams).toEqual(["/dev/null", expect.stringMatching(/^(pipe|socket):/)]);
});

onLinux("no CLI is found where none is among the ancestors", () => {
  expect([findCli(process.pid), findCli(0)]).toEqual([undefined, undefined]);
});
