import type { Evidence } from "./run";

export interface List {
  readonly containerTag: string;
  readonly api: "v3" | "v5";
  readonly ids: readonly string[];
  readonly forPlan: boolean;
}

export interface Delete {
  readonly path: string;
  readonly containerTag: string | undefined;
  /** The ids in the request. Undefined when it deletes all documents of a container. */
  readonly ids: readonly string[] | undefined;
  readonly whole: boolean;
  /** Without the documented response. */
  readonly lost: boolean;
}

const lists = new WeakMap<Evidence, readonly List[]>();

export function listsOf(evidence: Evidence): readonly List[] {
  const known = lists.get(evidence) ?? readLists(evidence);
  lists.set(evidence, known);
  return known;
}

function readLists({ exchanges }: Evidence): readonly List[] {
  const firstDelete = exchanges.findIndex(({ request }) => request.method === "DELETE");
  return exchanges.flatMap(({ response, request: { body, method, url } }, index): readonly List[] => {
    if (method !== "POST" || response?.status !== 200) return [];
    const path = new URL(url).pathname;
    const rows = rowsOf(parsed(response.text));
    if (rows === undefined) return [];
    const ids = rows.flatMap((row) => textsOf(isObject(row) ? [row["id"]] : []));
    const asked = parsed(body);
    const [named] = textsOf(isObject(asked) ? asked["containerTags"] : []);
    const containerTag = namespaceOf(path) ?? named ?? "";
    const forPlan = firstDelete === -1 || index < firstDelete;
    return [{ containerTag, api: path.startsWith("/v3/") ? "v3" : "v5", ids, forPlan }];
  });
}

export function deletesOf({ exchanges }: Evidence): readonly Delete[] {
  return exchanges.flatMap(({ response, request: { body, method, url } }): readonly Delete[] => {
    if (method !== "DELETE") return [];
    const path = new URL(url).pathname;
    const asked = parsed(body);
    const [named] = textsOf(isObject(asked) ? asked["containerTags"] : []);
    const container = /^\/v3\/container-tags\/([^/]+)$/.exec(path)?.[1];
    const ids = isObject(asked) && "ids" in asked ? textsOf(asked["ids"]) : undefined;
    const whole = container !== undefined || /^\/ns\/[^/]+$/.test(path);
    const tag = container === undefined ? (namespaceOf(path) ?? named) : decodeURIComponent(container);
    const { status, text } = response ?? { status: 500, text: "" };
    return [{ path, containerTag: tag, ids, whole, lost: status !== 200 || text.startsWith("<") }];
  });
}

function namespaceOf(path: string): string | undefined {
  const found = /^\/ns\/([^/]+)/.exec(path)?.[1];
  return found === undefined ? undefined : decodeURIComponent(found);
}

function rowsOf(body: unknown): readonly unknown[] | undefined {
  if (!isObject(body)) return undefined;
  const rows = body["documents"] ?? body["memories"];
  return Array.isArray(rows) ? rows : undefined;
}

function textsOf(value: unknown): readonly string[] {
  return Array.isArray(value) ? value.filter((item) => typeof item === "string") : [];
}

function parsed(text: string | undefined): unknown {
  try {
    return text === undefined ? undefined : JSON.parse(text);
  } catch {
    return undefined;
  }
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null;
}
