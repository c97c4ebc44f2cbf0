import { Problem } from "./problem";

const proxyCodes = { refused: 3, silent: 4 };

/**
 * Runs a command that builds with Go. A Problem ends it with a message. For the gate, exit code 3 means that the module
 * proxy refused, 4 that it did not answer. Every other failure is 1, and so are all of them for everyone else.
 */
export function runCommand(main: (signal: AbortSignal) => Promise<void>, isGate: boolean): void {
  const interruption = new AbortController();
  const interrupt = () => {
    interruption.abort(new Problem("interrupted; nothing was installed\nrun the same command again"));
  };
  for (const signal of ["SIGINT", "SIGTERM"] as const) process.once(signal, interrupt);
  main(interruption.signal).catch((error: unknown) => {
    process.exitCode = 1;
    if (!(error instanceof Problem)) throw error;
    console.error(`error: ${error.message}`);
    if (error.proxy !== undefined && isGate) process.exitCode = proxyCodes[error.proxy];
  });
}
