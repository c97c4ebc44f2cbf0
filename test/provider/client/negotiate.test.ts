import { API_ENDS } from "../../../emulator/api/api-version";
import { type ApiVersion, clear, type SupermemoryApi } from "../../../provider/client/api";
import type { CallContext } from "../../../provider/client/call-context";
import { createNegotiated, newMemory } from "../../../provider/client/negotiate";
import type { Remembered } from "../../../provider/client/version-decision";
import { contextOf } from "../../../provider/purge/context";
import { firstPage, type Hostile, respond, startAnswering, startHostile } from "../support/hostile";
import { errorOf, expectSound, purgeTags, startWorld, type World } from "../support/world";

const auto = { apiVersion: "auto" } as const;
const containers = { "pr-42": { documents: 130, memories: 6 }, "pr-43": 5 };
const switchedOff = "API v3 was switched off during this operation";

test("auto uses v3 while v3 responds", async () => {
  const world = await startWorld({ ...auto, containers });
  await purgeTags(world, ["pr-42"]);
  expect(world.emulator.requests.map(({ api }) => api)).toEqual(["v3", "v3", "v3"]);
  expect(world.session.api.version).toBe("v3");
  expectSound(world, 130);
});

describe.each(["off", "gone"] as const)("when v3 is %s from the start", (state) => {
  test.each([
    ["documents are deleted", ["pr-42", "pr-43"], "tag", { deleted: 135, estimated: false }],
    ["a container is deleted", ["pr-42"], "container", { deleted: 130, estimated: false, tags: [{ memories: 6 }] }],
    ["an unknown namespace is empty", ["pr-44"], "tag", { deleted: 0, planned: 0 }],
  ] as const)("%s on v5", async (_what, tags, kind, outcome) => {
    const world = await startWorld({ ...auto, v3: state, containers, unknownNamespace: "notFound" });
    expect(await purgeTags(world, tags, { method: { kind } })).toMatchObject(outcome);
    expect(world.session.api.version).toBe("v5");
    if (kind === "container") {
      expect(deletes(world)).toMatchObject([{ path: "/ns/pr-42", bodyBytes: 0, hasQuery: false }]);
    }
    expectSound(world, outcome.deleted);
  });

  test("containers are listed on v5", async () => {
    const world = await startWorld({ ...auto, v3: state, containers });
    const listed = await world.session.api.listContainers(contextOf(world.session));
    const counts = { containerTag: "pr-42", documentCount: 130, memoryCount: 6 };
    expect(listed).toContainEqual(expect.objectContaining(counts));
    expect(world.session.api.version).toBe("v5");
  });

  test("v3 alone fails", async () => {
    const world = await startWorld({ apiVersion: "v3", v3: state, containers });
    expect((await errorOf(purgeTags(world, ["pr-42"]))).message).toContain(`returned ${state === "off" ? 404 : 410}`);
    expect(world.emulator.requests).toHaveLength(1);
  });
});

test("a wrong address fails with its URL, and decides nothing", async () => {
  const faults = [{ times: Infinity, then: { kind: "notFound", as: "json" } }] as const;
  const world = await startWorld({ ...auto, containers, faults });
  expect((await errorOf(purgeTags(world, ["pr-42"]))).message).toContain("/v3/documents/list returned 404");
  const listing = errorOf(world.session.api.listContainers(contextOf(world.session)));
  expect((await listing).message).toContain("/v3/container-tags/list returned 404");
  expect(world.session.api.version).toBe("v3");
  expectSound(world, 0);
});

test.each([401, 403])(
  "a firewall that answers every request with a page (%i) is named, and decides nothing",
  async (status) => {
    const faults = [{ times: Infinity, then: { kind: "refusal", status, as: "html", when: "beforeEffect" } }] as const;
    const world = await startWorld({ ...auto, containers, faults });
    const { message } = await errorOf(purgeTags(world, ["pr-42"]));
    expect(message).toContain(`/v3/documents/list: a firewall or proxy answered with an HTML page (${status})`);
    expect(message).not.toContain("key");
    expect([world.session.api.version, deletes(world)]).toEqual(["v3", []]);
    expectSound(world, 0);
  },
);

test.each<[string, number, number, "tag" | "container"]>([
  ["its first delete", 2, 0, "tag"],
  ["the list after its delete", 3, 130, "tag"],
  ["the delete of a container", 2, 0, "container"],
])("a purge fails if v3 is switched off at %s, and deletes nothing on v5", async (_when, nth, deleted, kind) => {
  const faults = [{ match: { api: "v3" }, nth, then: { kind: "switchOff", as: "gone" } }] as const;
  const world = await startWorld({ ...auto, containers, faults });
  const error = await errorOf(purgeTags(world, ["pr-42"], { method: { kind } }));
  expect(error.message).toContain(switchedOff);
  expect(world.session.api.version).toBe("v3");
  expect(deletes(world).every(({ path }) => path.startsWith("/v3/"))).toBe(true);
  expectSound(world, deleted);
});

test("a 404 of v3 that names the container is no reason to move to v5", async () => {
  const world = await startWorld(auto);
  await world.session.api.deleteContainer(clear({ container: "pr-42" }), contextOf(world.session));
  expect(world.session.api.version).toBe("v3");
  expect(world.emulator.requests.map(({ path }) => path)).toEqual(["/v3/container-tags/pr-42"]);
});

test("a delete with a 404 is not sent again, and fails with its URL if v5 does not respond", async () => {
  const { api, context, requests } = await startAnswering(404, "<html>namespace not found</html>", auto);
  for (const send of [
    () => api.deleteContainer(clear({ container: "pr-42" }), context),
    () => api.deleteIds(clear({ containerTag: "pr-42", ids: ["a"] }), context),
    () => api.deleteByTag(clear("pr-42"), context),
  ]) {
    expect((await errorOf(send())).message).toMatch(/DELETE \S+\/v3\/\S+ returned 404/);
  }
  expect(requests.filter((request) => request.startsWith("DELETE /ns"))).toEqual([]);
});

describe.each(API_ENDS)("when v3 ends as %s", (end) => {
  test("an operation moves to v5, after it has made sure", async () => {
    const world = await startWorld({ ...auto, v3: end, containers });
    expect(await purgeTags(world, ["pr-42"])).toMatchObject({ deleted: 130, apiVersion: "v5" });
    expect(secondsOfV3(world)).toBeGreaterThanOrEqual(2);
    expectSound(world, 130);
  });

  test("state that was recorded on v3 needs 20 s", async () => {
    const world = await startWorld({ ...auto, v3: end, containers, recorded: "v3" });
    expect(await purgeTags(world, ["pr-42"])).toMatchObject({ deleted: 130, apiVersion: "v5" });
    expect(secondsOfV3(world)).toBeGreaterThanOrEqual(20);
    expectSound(world, 130);
  });

  test("for a time shorter than that, it stays on v3", async () => {
    const faults = [{ match: { api: "v3" }, then: { kind: "switchOff", as: end, forMs: 15_000 } }] as const;
    const world = await startWorld({ ...auto, containers, recorded: "v3", faults });
    expect(await purgeTags(world, ["pr-42"])).toMatchObject({ deleted: 130, apiVersion: "v3" });
    expectSound(world, 130);
  });

  test("for one request, it stays on v3", async () => {
    const faults = [{ match: { api: "v3" }, then: { kind: "switchOff", as: end, forMs: 0 } }] as const;
    const world = await startWorld({ ...auto, containers, faults });
    expect(await purgeTags(world, ["pr-42"])).toMatchObject({ deleted: 130, apiVersion: "v3" });
    expect(world.emulator.requests.every(({ api }) => api === "v3")).toBe(true);
    expectSound(world, 130);
  });

  test("a look does not wait", async () => {
    const world = await startWorld({ ...auto, v3: end, containers, recorded: "v3", hurried: true });
    const { deadline } = world.session;
    const startedAt = deadline.clock.now();
    const page = await world.session.api.list(firstPage, contextOf(world.session));
    expect([page.total, world.session.api.version, world.session.api.isProvisional]).toEqual([130, "v5", true]);
    expect(deadline.clock.now() - startedAt).toBeLessThan(5_000);
  });

  test("during a purge, the purge ends incomplete without a request to delete on v5", async () => {
    const faults = [{ match: { method: "POST", api: "v3" }, nth: 2, then: { kind: "switchOff", as: end } }] as const;
    const world = await startWorld({ ...auto, containers, faults });
    const error = await errorOf(purgeTags(world, ["pr-42"]));
    expect(error.message).toContain(switchedOff);
    expect(deletes(world).every(({ path }) => path.startsWith("/v3/"))).toBe(true);
    expectSound(world, 130);
  });
});

test("one failing list of v3 does not hide documents that also carry a protected tag", async () => {
  const shared = { "pr-42": { documents: [{}, { alsoIn: ["production"] }] }, production: 3 };
  const faults = [{ match: { api: "v3" }, then: { kind: "notFound", as: "html" } }] as const;
  const world = await startWorld({ ...auto, containers: shared, faults });
  expect((await errorOf(purgeTags(world, ["pr-42"]))).message).toContain('also carries "production"');
  expectSound(world, 0);
});

test("a 404 of a v3 list that names the container is an empty container", async () => {
  const notFound = { kind: "wrongShape", status: 404, body: { error: "container tag not found" } } as const;
  const faults = [{ match: { route: "documents.list" }, then: notFound }] as const;
  for (const apiVersion of ["auto", "v3"] as const) {
    const world = await startWorld({ apiVersion, containers, faults });
    expect(await purgeTags(world, ["pr-44"])).toMatchObject({ planned: 0, deleted: 0, apiVersion: "v3" });
    expect(world.emulator.requests).toHaveLength(1);
  }
});

test("a key that v3 alone rejects, on one route, is a matter of the key", async () => {
  const rejected = { kind: "wrongShape", status: 401, body: { error: "Unauthorized" }, when: "beforeEffect" } as const;
  const faults = [{ match: { route: "documents.list" }, times: Infinity, then: rejected }] as const;
  const world = await startWorld({ ...auto, containers, faults });
  expect((await errorOf(purgeTags(world, ["pr-42"]))).message).toContain("the API rejected the key (401)");
  expect(world.emulator.requests.every(({ api }) => api === "v3")).toBe(true);
});

test("a key that both versions reject is a matter of the key", async () => {
  const world = await startWorld({ ...auto, containers, apiKey: "sm_unknown" });
  expect((await errorOf(purgeTags(world, ["pr-42"]))).message).toContain("the API rejected the key (401)");
  expect(world.clock.slept).toEqual([]);
  expect(world.session.api.version).toBe("v3");
});

test("a server that only has v3 is not given up during an outage", async () => {
  const outage = { kind: "switchOff", as: "unavailable", forMs: 120_000 } as const;
  const faults = [{ match: { api: "v3" }, then: outage }] as const;
  const world = await startWorld({ ...auto, v5: "off", containers, faults });
  expect(await purgeTags(world, ["pr-42"])).toMatchObject({ deleted: 130, apiVersion: "v3" });
  expectSound(world, 130);
});

test("a v3 that only refuses deletes has not ended, and the error names a way to delete", async () => {
  for (const status of [404, 405, 410]) {
    const refused = { kind: "wrongShape", status, body: { error: "Not Found" }, when: "beforeEffect" } as const;
    const faults = [{ match: { method: "DELETE", api: "v3" }, times: Infinity, then: refused }] as const;
    const world = await startWorld({ ...auto, containers, faults });
    const { message } = await errorOf(purgeTags(world, ["pr-42"]));
    expect(message).toContain(`DELETE ${world.emulator.url}/v3/documents/bulk returned ${status}`);
    expect(message).toContain("set SUPERMEMORY_API_VERSION=v5 for this command");
    expect(message).not.toContain("switched off");
    expectSound(world, 0);
  }
});

test("without time to make sure, the error names a way to delete on v5", async () => {
  const world = await startWorld({ ...auto, v3: "gone", containers, recorded: "v3", timeoutMs: 15_000 });
  const { message } = await errorOf(purgeTags(world, ["pr-42"]));
  expect(message).toContain("/v3/documents/list returned 410");
  expect(message).toContain("set SUPERMEMORY_API_VERSION=v5 for this command, or raise timeout");
  expectSound(world, 0);
});

describe("state that was recorded on v5", () => {
  test("asks v5 first, and does not wait", async () => {
    const world = await startWorld({ ...auto, containers, recorded: "v5" });
    expect(await purgeTags(world, ["pr-42"])).toMatchObject({ deleted: 130, apiVersion: "v5" });
    expect(world.emulator.requests.every(({ api }) => api === "v5")).toBe(true);
    expect(world.clock.slept).toEqual([]);
  });

  test("uses v3 if only that responds", async () => {
    const world = await startWorld({ ...auto, v5: "off", containers, recorded: "v5" });
    expect(await purgeTags(world, ["pr-42"])).toMatchObject({ deleted: 130, apiVersion: "v3" });
  });
});

describe("sessions of one process", () => {
  test("move to v5 once, without a second wait", async () => {
    const { clock, lists, memory, session } = await sessions({ v3: "gone", v5: "documented" });
    for (const api of [session(), session()]) {
      await list(api);
      expect(api.version).toBe("v5");
    }
    expect(lists).toEqual(["v3", "v3", "v5", "v3", "v3", "v5", "v5"]);
    expect([clock.slept, memory.version]).toEqual([[2_000], "v5"]);
  });

  test("that were recorded on v3 look again, 20 s after the first look of the process", async () => {
    const { clock, session } = await sessions({ v3: "gone", v5: "documented" });
    await list(session());
    await list(session({ recorded: "v3" }));
    expect(clock.slept).toEqual([2_000, 18_000]);
  });

  test("return to v3 if it responds again", async () => {
    const { responses, session } = await sessions({ v3: "gone", v5: "documented" });
    await list(session());
    responses.v3 = "documented";
    const recorded = session({ recorded: "v3" });
    await list(recorded);
    expect(recorded.version).toBe("v3");
    const next = session();
    await list(next);
    expect(next.version).toBe("v3");
  });

  test("use the proof of a look, but make sure of it", async () => {
    const { memory, session } = await sessions({ v3: "gone", v5: "documented" });
    const look = session({ hurried: true });
    await list(look);
    expect([look.isProvisional, memory.version]).toEqual([true, "v3"]);
    const operation = session();
    await list(operation);
    expect([operation.isProvisional, memory.version]).toEqual([false, "v5"]);
  });

  test("keep their version, and decide again after v3 was switched off", async () => {
    const { clock, responses, session } = await sessions({ v3: "documented", v5: "documented" });
    const first = session();
    await list(first);
    responses.v3 = "gone";
    for (let reads = 0; reads < 3; reads += 1) {
      expect(await errorOf(list(first))).toMatchObject({ summary: switchedOff, failure: { kind: "gone" } });
    }
    expect(first.version).toBe("v3");
    const second = session();
    await list(second);
    expect([second.version, clock.slept]).toEqual(["v5", [2_000]]);
  });

  test("have one version, even if their first reads run in parallel", async () => {
    const { context, session } = await sessions({ v3: "gone", v5: "documented" });
    const api = session();
    await Promise.all([list(api), list(api), api.activityOf(firstPage, context)]);
    expect(api.version).toBe("v5");
  });

  /** Sessions that share a memory, at servers of v3 and v5 with these responses. */
  async function sessions(responses: Record<ApiVersion, "documented" | "gone">) {
    const lists: ApiVersion[] = [];
    const open = async (apiVersion: ApiVersion): Promise<Hostile> => {
      const found = { memories: [], documents: [], pagination: { totalItems: 0 } };
      return await startHostile(
        (_request, response) => {
          lists.push(apiVersion);
          respond(response, found, responses[apiVersion] === "gone" ? 410 : 200);
        },
        { apiVersion },
      );
    };
    const [v3, v5] = [await open("v3"), await open("v5")];
    const memory = newMemory();
    context = v3.context;
    const session = (known: Partial<Remembered> = {}): SupermemoryApi =>
      createNegotiated(v3.api, v5.api, memory, { recorded: null, hurried: false, ...known });
    return { clock: v3.clock, context: v3.context, lists, memory, responses, session };
  }

  let context: CallContext;

  async function list(api: SupermemoryApi): Promise<unknown> {
    return await api.list(firstPage, context);
  }
});

/** From the first to the last request of v3. */
function secondsOfV3({ sentAt }: World): number {
  const times = sentAt.filter(({ path }) => path.startsWith("/v3/")).map(({ at }) => at);
  return (Math.max(...times) - Math.min(...times)) / 1_000;
}

function deletes({ emulator }: World) {
  return emulator.requests.filter(({ method }) => method === "DELETE");
}
