import { chmodSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { reportLines } from "../../tools/gate/report-lines";
import { chooseCli } from "../engine";

const results = {
  ...{ numPassedTests: 3, numFailedTests: 1, numRuntimeErrorTestSuites: 1, numPendingTests: 2 },
  testResults: [
    {
      assertionResults: [
        { fullName: "a purge (Pulumi CLI) deletes", status: "passed" },
        { fullName: "a purge (Pulumi CLI) keeps", status: "failed" },
        { fullName: "a purge (Pulumi CLI) waits", status: "pending" },
        { fullName: "a purge (embedded engine) deletes", status: "passed" },
      ],
    },
  ],
};

test("the gate's last lines name the engine with the tests that ran on it, then count all tests", () => {
  expect(reportLines(results, { version: "v3.274.1" })).toEqual([
    "engine: pulumi v3.274.1 (2 scenarios)",
    "3 passed, 2 failed, 2 skipped",
  ]);
  expect(reportLines(results, { failure: "the module proxy did not answer" })[0]).toBe(
    "engine: embedded (the module proxy did not answer)",
  );
});

const onUnix = process.platform === "win32" ? describe.skip : describe;

onUnix("a Pulumi CLI on PATH", () => {
  const path = process.env["PATH"] ?? "";
  let folder = "";
  beforeEach(() => {
    folder = mkdtempSync(join(realpathSync(tmpdir()), "cli-"));
    process.env["PATH"] = `${folder}:${path}`;
  });
  afterEach(() => {
    process.env["PATH"] = path;
    rmSync(folder, { recursive: true, force: true });
  });

  test.each([
    [
      "is too old",
      "echo v3.138.9",
      /is v3\.138\.9; the oldest that works is v3\.139\.0\nupdate it, or take .* off PATH$/,
    ],
    ["does not start", "exit 1", /does not start: .*\nreinstall it, or take .* off PATH$/],
    ["has no version", "echo hello", /reports no version\nreinstall it, or take .* off PATH$/],
  ])("that %s is refused with what to do", (_what, script, message) => {
    writeCli(script);
    expect(chooseCli).toThrow(message);
  });

  test("is used before one from the cache", () => {
    writeCli("echo v3.139.0");
    expect(chooseCli()).toEqual({ version: "v3.139.0", from: "PATH" });
  });

  function writeCli(script: string): void {
    writeFileSync(join(folder, "pulumi"), `#!/bin/sh\n${script}\n`);
    chmodSync(join(folder, "pulumi"), 0o755);
  }
});
