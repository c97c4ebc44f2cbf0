import { tmpdir } from "node:os";
import { cleanEnvironment } from "../engine";
import { installEnvironment, run } from "./command";

const options = { cwd: tmpdir(), env: cleanEnvironment() };

test("a failed command is an error with the end of its output", async () => {
  const script = "for (let i = 1; i <= 99; i += 1) console.log('line ' + i); process.exit(3)";
  const failing = run([process.execPath, "-e", script], options);
  await expect(failing).rejects.toThrow(/exit code 3\nline 75\n[^]*line 99$/);
});

test("a command that does not exist is an error", async () => {
  await expect(run(["no-such-command"], options)).rejects.toThrow("ENOENT");
});

test("package managers get the row's Node, and no settings of the npm that runs the script", () => {
  const before = { ...process.env };
  const ours = { npm_lifecycle_event: "test", NODE_PATH: "here", CI: "true" };
  Object.assign(process.env, ours, { NODE_EXTRA_CA_CERTS: "ca.pem" });
  try {
    const env = installEnvironment("/caches", "/row/bin");
    expect(env["PATH"]).toMatch(/^\/row\/bin[:;]/);
    expect(env["NODE_EXTRA_CA_CERTS"]).toBe("ca.pem");
    expect(Object.keys(env).filter((name) => name in ours)).toEqual([]);
  } finally {
    for (const name of [...Object.keys(ours), "NODE_EXTRA_CA_CERTS"]) {
      if (before[name] === undefined) Reflect.deleteProperty(process.env, name);
      else process.env[name] = before[name];
    }
  }
});

test("a command ends with an error when it is stopped", async () => {
  const stop = new AbortController();
  const waiting = run([process.execPath, "-e", "setInterval(() => {}, 1000)"], { ...options, stop: stop.signal });
  stop.abort();
  await expect(waiting).rejects.toThrow("exit code null");
});
