import { type Engine } from "./types";

/** In the title of each test that runs on the CLI, so that the gate (tools/gate) can count them. */
export const cliTitle = "(Pulumi CLI)";

export function titleOf({ name }: Engine): string {
  return name === "cli" ? cliTitle : "(embedded engine)";
}
