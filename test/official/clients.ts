import { dirname, join } from "node:path";
import Supermemory from "supermemory";
import { z } from "zod";
import { type Ended, startNode } from "../emulator/support/process";
import { inContainers } from "../emulator/support/running";

export const officialVersion = "4.25.4";

/** The same operations with the official client or the official command line. */
export interface OfficialClient {
  add(containerTag: string, content: string): Promise<string>;
  list(containerTag: string): Promise<readonly string[]>;
  remove(id: string): Promise<void>;
  containers(): Promise<Readonly<Record<string, number>>>;
}

export interface Address {
  readonly url: string;
  readonly apiKey: string;
}

export const officialClients: Readonly<Record<"client" | "command line", (address: Address) => OfficialClient>> = {
  client: ({ apiKey, url }) => {
    const client = new Supermemory({ apiKey, baseURL: url, maxRetries: 0, timeout: 20_000 });
    return {
      add: async (containerTag, content) => (await client.documents.add({ containerTag, content })).id,
      list: async (containerTag) => {
        const { memories } = await client.documents.list({ ...inContainers(containerTag), limit: 100 });
        return memories.map(({ id }) => id);
      },
      remove: async (id) => {
        await client.documents.delete(id);
      },
      containers: async () => counts.parse(await client.get("/v3/container-tags/list")),
    };
  },
  "command line": (address) => {
    const run = async (...args: readonly string[]): Promise<unknown> => {
      const { code, stdout } = await commandLine(address, ...args);
      if (code !== 0) throw new Error(`supermemory ${args[0] ?? ""} ended with ${String(code)}`);
      return args.includes("--json") ? JSON.parse(stdout) : undefined;
    };
    return {
      add: async (containerTag, content) =>
        z.looseObject({ id: z.string() }).parse(await run("add", content, "--tag", containerTag, "--json")).id,
      list: async (containerTag) =>
        listed.parse(await run("docs", "list", "--tag", containerTag, "--limit", "100", "--json")),
      remove: async (id) => {
        await run("docs", "delete", id, "--yes");
      },
      containers: async () => counts.parse(await run("tags", "list", "--json")),
    };
  },
};

/** The official command line. HOME is a temporary folder, so that no user's settings are read or written. */
export function commandLine({ apiKey, url }: Address, ...args: readonly string[]): Promise<Ended> {
  const bin = join(dirname(require.resolve("supermemory")), "bin/cli");
  return startNode([bin, ...args], { SUPERMEMORY_API_URL: url, SUPERMEMORY_API_KEY: apiKey }).ended;
}

const listed = z
  .looseObject({ documents: z.array(z.looseObject({ id: z.string() })) })
  .transform(({ documents }) => documents.map(({ id }) => id));

const counts = z
  .array(z.looseObject({ containerTag: z.string(), documentCount: z.number() }))
  .transform((all) => Object.fromEntries(all.map(({ containerTag, documentCount }) => [containerTag, documentCount])));
