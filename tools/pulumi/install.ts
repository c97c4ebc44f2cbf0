/**
 * `npm run pulumi:install`: builds the Pulumi CLI from its published Go module, once, into a cache outside of the
 * checkout. `-- --gate` is for .ci/run: exit code 3 then means that the module proxy refused, 4 that it did not answer.
 * Every other failure is 1, as all of them are without it.
 */
import { install } from "./build";
import { Problem } from "./problem";

const proxyCodes = { refused: 3, silent: 4 };

async function main(args: readonly string[]): Promise<void> {
  const unknown = args.find((arg) => arg !== "--gate");
  if (unknown !== undefined) throw new Problem(`unknown argument ${unknown}\nuse --gate, or none`);
  const interruption = new AbortController();
  const interrupt = () => {
    interruption.abort(new Problem("interrupted; nothing was installed\nrun npm run pulumi:install again"));
  };
  for (const signal of ["SIGINT", "SIGTERM"] as const) process.once(signal, interrupt);
  await install({ env: process.env, signal: interruption.signal, say: console.log });
}

const args = process.argv.slice(2);
main(args).catch((error: unknown) => {
  process.exitCode = 1;
  if (!(error instanceof Problem)) throw error;
  console.error(`error: ${error.message}`);
  if (error.proxy !== undefined && args.includes("--gate")) process.exitCode = proxyCodes[error.proxy];
});
