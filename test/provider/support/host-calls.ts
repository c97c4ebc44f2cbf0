import type { dynamic } from "@pulumi/pulumi";
import { CleanupPolicyHandler } from "../../../provider/cleanup-policy/provider";
import { ContainerPurgeHandler } from "../../../provider/container-purge/provider";
import { dynamicMethods } from "../../../provider/dynamic/methods";
import { Host } from "../../../provider/host/host";
import type { Clock } from "../../../provider/client/deadline";
import { LeapingClock } from "./clocks";
import { atEnd } from "./ends";

export type Properties = Readonly<Record<string, unknown>>;

export interface CallOptions {
  readonly env?: Readonly<Record<string, string | undefined>>;
  /** The stack's configuration, such as `{ "supermemory:apiKey": "key" }`. */
  readonly config?: Readonly<Record<string, string>>;
  readonly cwd?: string;
  readonly clock?: Clock;
  /** The resource's methods. Default: those of ContainerPurge. */
  readonly methods?: (host: Host) => dynamic.ResourceProvider;
  readonly host?: Host;
}

export type ProviderCalls = ReturnType<typeof openProvider>;

export interface Checked {
  readonly inputs: Properties;
  readonly failures: readonly { readonly property: string; readonly reason: string }[];
}

export function containerPurgeMethods(host: Host): dynamic.ResourceProvider {
  return dynamicMethods(host, new ContainerPurgeHandler(host));
}

export function cleanupPolicyMethods(host: Host): dynamic.ResourceProvider {
  return dynamicMethods(host, new CleanupPolicyHandler(host));
}

/** Starts what a provider process holds; it ends with the test. Lines that it logs are in `lines`. */
export function openProvider({
  clock = new LeapingClock(testTime),
  config = {},
  cwd = "/",
  env = {},
  host: shared,
  methods: methodsOf = containerPurgeMethods,
}: CallOptions) {
  const lines: string[] = [];
  const host = shared ?? new Host({ argv: ["node", "x"], env, cwd, clock, print: (line) => lines.push(line) });
  if (shared === undefined) atEnd(async () => host.close());
  const methods = methodsOf(host);
  const require = (key: string): never => {
    throw new Error(`not expected: require ${key}`);
  };
  void methods.configure?.({ config: { get: (key) => config[key], require } });
  return {
    host,
    lines,
    /** All arguments are known, as in nearly every command. */
    check: async (olds: Properties, news: Properties): Promise<Checked> => {
      const checked: { readonly failures?: Checked["failures"]; readonly inputs?: unknown } | undefined =
        await methods.check?.(olds, { __known: true, ...news });
      return { inputs: storable(checked?.inputs), failures: checked?.failures ?? [] };
    },
    diff: async (id: string, olds: Properties, news: Properties): Promise<boolean> =>
      (await methods.diff?.(id, olds, news))?.changes === true,
    create: async (news: Properties) => {
      const created: { readonly id: string; readonly outs?: unknown } = await methods.create(news);
      return { id: created.id, outputs: storable(created.outs) };
    },
    update: async (id: string, olds: Properties, news: Properties) => {
      const result: { outs?: unknown } | undefined = await methods.update?.(id, olds, news);
      return storable(result?.outs);
    },
    delete: async (id: string, olds: Properties) => {
      await methods.delete?.(id, olds);
    },
    read: async (id: string, olds: Properties) => {
      const result: { props?: unknown } | undefined = await methods.read?.(id, olds);
      return storable(result?.props);
    },
  };
}

export const testTime = Date.parse("2026-01-31T12:00:00.000Z");

/** Properties as the engine stores them. Throws for what it refuses: undefined, anywhere in them. */
export function storable(value: unknown): Properties {
  if (!isProperties(value)) throw new Error("the engine expects an object of properties");
  refuseUndefined(value, "properties");
  return value;
}

function refuseUndefined(value: unknown, path: string): void {
  if (value === undefined) throw new Error(`${path} is undefined, which the engine refuses`);
  if (typeof value !== "object" || value === null) return;
  for (const [name, inner] of Object.entries(value)) refuseUndefined(inner, `${path}.${name}`);
}

function isProperties(value: unknown): value is Properties {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
