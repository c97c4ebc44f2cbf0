import { spawn } from "node:child_process";
import { once } from "node:events";
import { randomUUID } from "node:crypto";
import { join } from "node:path";
import type { Claim } from "../../../provider/host/claims-file";

const child = join(__dirname, "host-claims-child.ts");

export function testAddress(): string {
  return `127.0.0.1:1-${randomUUID()}`;
}

/** A real process that claims `claim`; it lives until `end`. */
export async function otherProcess(address: string, claim: Claim): Promise<{ end(): Promise<void> }> {
  const { baseUrl, containerTags, keyId, urn } = claim;
  const args = ["--import", "tsx", child, address, urn, containerTags.join(), baseUrl, keyId ?? ""];
  const started = spawn(process.execPath, args, { stdio: ["pipe", "pipe", "inherit"], timeout: 50_000 });
  await once(started.stdout, "data", { signal: AbortSignal.timeout(50_000) });
  return {
    end: async () => {
      const exited = once(started, "exit");
      started.stdin.end();
      await exited;
    },
  };
}
