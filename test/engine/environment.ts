import { homedir, tmpdir } from "node:os";

const passed = ["PATH", "HOME", "USER", "LOGNAME", "SHELL", "LANG", "TZ", "TMPDIR", "TMP", "TEMP", "SystemRoot"];

/** The environment of a command: what every process needs and `extra`, without the test runner's variables. */
export function cleanEnvironment(...extra: readonly (Readonly<Record<string, string>> | undefined)[]) {
  const env: Record<string, string> = { HOME: homedir(), TMPDIR: tmpdir() };
  for (const name of passed) {
    const value = process.env[name];
    if (value !== undefined) env[name] = value;
  }
  for (const more of extra) Object.assign(env, more);
  return env;
}
