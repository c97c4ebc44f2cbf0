import { subscribe, unsubscribe } from "node:diagnostics_channel";
import { Socket } from "node:net";
import type { Emulator } from "../../../emulator/index";
import { inParallel } from "../../../provider/util/pool";
import { openProvider } from "../support/host-calls";
import { startEmulator, type SeedContainers } from "../support/host-emulator";
import { idle, policyStack } from "../support/host-policy";
import { urnOfMemory } from "../support/host-stack";

/** What commands cost in accounts with many containers. Other containers must not make a purge dearer. */

const args = { match: ["pr-*"], inactiveFor: "14 days" };

describe("a policy on v3", () => {
  test.each([
    [500, 300],
    [800, 800],
  ])("over %d containers, of which %d match, lists all containers four times", async (all, matching) => {
    const limits = { maxContainers: all, maxDeletions: all };
    const emulator = await startEmulator(account(all, (index) => `${index < matching ? "pr" : "other"}-${index}`));
    const bytes = countBytes();
    const { error } = await policyStack(emulator).up({ ...args, ...limits });
    expect(error).toBeUndefined();
    expect(emulator.ledger.reduce((sum, { count }) => sum + count, 0)).toBe(matching);
    // For the check, for the run, for the look before the deletes, and for the memories that are left.
    expect(requestsTo(emulator, "/v3/container-tags/list")).toBe(4);
    expect(emulator.requests).toHaveLength(4 + 3 * matching);
    // Four lists of all containers, and for each purged container two lists with a document and the response to a delete.
    expect(bytes.end()).toBeLessThan(4 * all * listedBytes + matching * purgeBytes);
  });
});

describe("purges in one program", () => {
  test.each([
    ["v3", 300, 4],
    ["v5", 40, 8],
  ])("on %s, %d of them, send at most %d requests each in an account of 3,000 containers", async (...given) => {
    const [version, purges, each] = given;
    const emulator = await startEmulator(account(3_000, (index) => `tenant-${index}-x`));
    const env = { SUPERMEMORY_BASE_URL: emulator.url, SUPERMEMORY_API_KEY: emulator.apiKey };
    const provider = openProvider({ env, config: { "supermemory:apiVersion": version } });
    const bytes = countBytes();
    const numbers = Array.from({ length: purges }, (_, index) => index);
    await inParallel(numbers, 8, async (index) => {
      const __urn = urnOfMemory.replace("memory", `memory-${index}`);
      const { failures, inputs } = await provider.check(
        {},
        { containerTags: [`tenant-${index}-x`], __urn, __provider: "text" },
      );
      expect(failures).toEqual([]);
      await provider.create(inputs);
    });
    expect(emulator.ledger.reduce((sum, { count }) => sum + count, 0)).toBe(purges);
    expect(emulator.requests.length).toBeLessThanOrEqual(each * purges + 10);
    expect(requestsTo(emulator, version === "v3" ? "/v3/container-tags/list" : "/namespaces")).toBe(0);
    expect(bytes.end()).toBeLessThan(purges * purgeBytes);
  });
});

/** The most bytes of a container in a list of all containers, and of the responses to one purge. */
const listedBytes = 400;
const purgeBytes = 5_000;

function account(containers: number, tagOf: (index: number) => string): SeedContainers {
  return Object.fromEntries(Array.from({ length: containers }, (_, index) => [tagOf(index), idle(31, 1)]));
}

function requestsTo(emulator: Emulator, path: string): number {
  return emulator.requests.filter((request) => request.path === path).length;
}

/** Counts what servers of this process write until `end`. */
function countBytes() {
  const sockets = new Set<Socket>();
  const add = (message: unknown): void => {
    if (typeof message === "object" && message !== null && "socket" in message && message.socket instanceof Socket) {
      sockets.add(message.socket);
    }
  };
  subscribe("net.server.socket", add);
  return {
    end: (): number => {
      unsubscribe("net.server.socket", add);
      const bytes = [...sockets].reduce((sum, { bytesWritten }) => sum + bytesWritten, 0);
      expect(bytes).toBeGreaterThan(0);
      return bytes;
    },
  };
}
