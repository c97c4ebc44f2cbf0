import * as pulumi from "@pulumi/pulumi";

/**
 * The same job as users write it without this package: a `pulumi.dynamic.Resource`, whose provider's code is stored in
 * the state. It sends the same requests: count, delete, count again, and list containers for remaining memories.
 */
class NaivePurge extends pulumi.dynamic.Resource {
  declare readonly deletedCount: pulumi.Output<number>;

  constructor(name: string, args: { containerTags: string[]; maxDeletions?: number }) {
    super(provider, name, { deletedCount: undefined, maxDeletions: 10_000, ...args });
  }
}

interface PurgeProps {
  readonly containerTags: string[];
  readonly maxDeletions: number;
}

interface Page {
  readonly pagination: { readonly totalItems: number };
}

interface Container {
  readonly containerTag: string;
  readonly memoryCount: number;
}

async function send<T>(method: string, path: string, body?: unknown): Promise<T> {
  const url = (process.env["SUPERMEMORY_BASE_URL"] ?? "https://api.supermemory.ai") + path;
  const headers = {
    authorization: `Bearer ${process.env["SUPERMEMORY_API_KEY"] ?? ""}`,
    "content-type": "application/json",
  };
  for (let attempt = 1; ; attempt += 1) {
    const response = await fetch(url, { method, headers, body: body === undefined ? null : JSON.stringify(body) });
    if (response.ok) return (await response.json()) as T;
    if (response.status !== 429 || attempt === 5) {
      throw new Error(`${method} ${path} returned ${response.status}: ${await response.text()}`);
    }
    const seconds = Number(response.headers.get("retry-after") ?? 1);
    await new Promise((resolve) => setTimeout(resolve, seconds * 1_000));
  }
}

async function countIn(containerTag: string): Promise<number> {
  const body = { containerTags: [containerTag], limit: 100, page: 1, order: "desc", sort: "createdAt" };
  const { pagination } = await send<Page>("POST", "/v3/documents/list", body);
  return pagination.totalItems;
}

async function purge({ containerTags, maxDeletions }: PurgeProps): Promise<number> {
  let planned = 0;
  for (const tag of containerTags) planned += await countIn(tag);
  if (planned > maxDeletions) throw new Error(`refusing to delete ${planned} documents: the limit is ${maxDeletions}`);
  let deleted = 0;
  for (const tag of containerTags) {
    const response = await send<{ deletedCount: number }>("DELETE", "/v3/documents/bulk", { containerTags: [tag] });
    deleted += response.deletedCount;
    const left = await countIn(tag);
    if (left > 0) throw new Error(`${left} documents are left in ${tag}`);
  }
  if (containerTags.length > 8) {
    const containers = await send<Container[]>("GET", "/v3/container-tags/list");
    for (const { containerTag, memoryCount } of containers) {
      if (containerTags.includes(containerTag) && memoryCount > 0) report(containerTag, memoryCount);
    }
    return deleted;
  }
  for (const containerTag of containerTags) {
    const body = { containerTags: [containerTag], limit: 1, page: 1, order: "desc", sort: "updatedAt" };
    const { pagination } = await send<Page>("POST", "/v4/memories/list", body);
    if (pagination.totalItems > 0) report(containerTag, pagination.totalItems);
  }
  return deleted;
}

function report(containerTag: string, memories: number): void {
  console.log(`${memories} memories remain in ${containerTag}`);
}

const provider: pulumi.dynamic.ResourceProvider = {
  check: (_olds: PurgeProps, news: PurgeProps) => {
    const failures = news.containerTags.length > 0 ? [] : [{ property: "containerTags", reason: "it is empty" }];
    return Promise.resolve({ inputs: news, failures });
  },
  create: async (inputs: PurgeProps) => {
    const deletedCount = await purge(inputs);
    return { id: inputs.containerTags.join(","), outs: { ...inputs, deletedCount } };
  },
  delete: async (_id: string, props: PurgeProps) => {
    await purge(props);
  },
};

export const purgeOfTag = new NaivePurge("memory", { containerTags: ["bench"] });
