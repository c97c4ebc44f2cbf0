import Supermemory from "supermemory";
import { z } from "zod";
import type { Emulator, EmulatorOptions } from "../../../emulator/index";
import { openEmulator } from "../../wire/emulator";

const running: Emulator[] = [];

afterEach(async () => {
  await Promise.all(running.splice(0).map((emulator) => emulator.close()));
});

/** An emulator that ends with the test, and an official client of it without retries. */
export async function start(
  options: EmulatorOptions = {},
): Promise<{ readonly emulator: Emulator; readonly client: Supermemory }> {
  const emulator = await openEmulator(options);
  running.push(emulator);
  return { emulator, client: clientOf(emulator) };
}

export function clientOf({ url, apiKey }: Emulator, key = apiKey): Supermemory {
  return new Supermemory({ apiKey: key, baseURL: url, maxRetries: 0, timeout: 20_000 });
}

/** The official client marks `containerTags` as deprecated, but no other parameter lists or deletes by tag. */
export function inContainers(...containerTags: string[]): { containerTags: string[] } {
  return { containerTags };
}

export interface Reply {
  readonly status: number;
  readonly type: string | null;
  readonly headers: Headers;
  readonly text: string;
  readonly body: unknown;
}

/** Sends requests that the official client would refuse. A text body is sent unchanged. */
export async function send(
  emulator: Emulator,
  method: string,
  path: string,
  body?: unknown,
  key = emulator.apiKey,
  signal = AbortSignal.timeout(20_000),
): Promise<Reply> {
  const response = await fetch(emulator.url + path, {
    method,
    redirect: "manual",
    headers: { "content-type": "application/json", ...(key === "" ? {} : { authorization: `Bearer ${key}` }) },
    signal,
    ...(body === undefined ? {} : { body: typeof body === "string" ? body : JSON.stringify(body) }),
  });
  const text = await response.text();
  const type = response.headers.get("content-type");
  return {
    status: response.status,
    type,
    headers: response.headers,
    text,
    body: type === "application/json" && text !== "" ? JSON.parse(text) : undefined,
  };
}

/** Deletes the documents of pr-42 by tag. Undefined when the connection was reset. */
export function purge(emulator: Emulator): Promise<Reply | undefined> {
  return send(emulator, "DELETE", "/v3/documents/bulk", { containerTags: ["pr-42"] }).catch(() => undefined);
}

export function idsOf(emulator: Emulator, containerTag = "pr-42"): readonly string[] {
  return emulator.documents(containerTag).map(({ id }) => id);
}

export async function total(emulator: Emulator, api: "v3" | "v5", containerTag: string): Promise<number> {
  const { body } =
    api === "v3"
      ? await send(emulator, "POST", "/v3/documents/list", { containerTags: [containerTag] })
      : await send(emulator, "POST", `/ns/${containerTag}/list/documents`);
  return paged.parse(body).pagination.totalItems;
}

const paged = z.object({ pagination: z.object({ totalItems: z.number() }) });

/** Every fault was hit, and the containers have these numbers of documents. */
export function expectHit(emulator: Emulator, containers: Readonly<Record<string, number>>): void {
  expect(emulator.unhitFaults()).toEqual([]);
  expect(emulator.containers()).toEqual(containers);
}

/** Waits until the emulator has noticed that the clients of its held responses have disconnected. */
export async function emptied(emulator: Emulator): Promise<void> {
  for (let turn = 0; emulator.held > 0 && turn < 1_000_000; turn += 1) await new Promise(setImmediate);
  expect(emulator.held).toBe(0);
}

export async function statusOf(call: Promise<unknown>): Promise<number | undefined> {
  const error: unknown = await call.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  return error instanceof Supermemory.APIError ? (error.status as number | undefined) : undefined;
}
