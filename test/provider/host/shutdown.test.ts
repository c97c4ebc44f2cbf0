import { spawnSync } from "node:child_process";
import { resolve } from "node:path";

const shutdown = resolve(__dirname, "../../../provider/host/shutdown");

test("any number of operations may listen for the end of the process, without a warning from Node", () => {
  const program = [
    `const { Shutdown } = require(${JSON.stringify(shutdown)});`,
    `const { signal } = new Shutdown();`,
    `for (let at = 0; at < 20; at += 1) signal.addEventListener("abort", () => undefined);`,
    `console.log("done");`,
  ].join("\n");
  const { stderr, stdout } = spawnSync(process.execPath, ["--require", "tsx/cjs", "-e", program], { encoding: "utf8" });
  expect([stdout, stderr]).toEqual(["done\n", ""]);
});
