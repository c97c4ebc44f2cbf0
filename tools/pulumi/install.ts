/**
 * `npm run pulumi:install`: builds the Pulumi CLI from its published Go module, once, into a cache outside of the
 * checkout. `-- --gate` is for .ci/run.
 */
import { install } from "./build";
import { runCommand } from "./command";
import { Problem } from "./problem";

const args = process.argv.slice(2);

runCommand(async (signal) => {
  const unknown = args.find((arg) => arg !== "--gate");
  if (unknown !== undefined) throw new Problem(`unknown argument ${unknown}\nuse --gate, or none`);
  await install({ env: process.env, signal, say: console.log });
}, args.includes("--gate"));
