import { errorOf, expectSound, purgeTags, startWorld, type World } from "../support/world";

const auto = { apiVersion: "auto" } as const;
const containers = { "pr-42": 130, "pr-43": 5 };

test("auto speaks v3 while v3 answers", async () => {
  const world = await startWorld({ ...auto, containers });
  await purgeTags(world, ["pr-42"]);
  expect(generations(world)).toEqual(["v3", "v3", "v3"]);
  expect(world.session.api.version).toBe("v3");
  expectSound(world, 130);
});

test.each(["off", "gone"] as const)("auto moves to v5 when v3 is %s from the start", async (v3) => {
  const world = await startWorld({ ...auto, v3, containers });
  expect(await purgeTags(world, ["pr-42", "pr-43"])).toMatchObject({ deleted: 135, estimated: false });
  expect(world.session.api.version).toBe("v5");
  expectSound(world, 135);
});

test.each([1, 2, 3])(
  "auto moves to v5 in the middle of a purge, at request %i, and counts nothing twice",
  async (nth) => {
    const faults = [{ match: { api: "v3" }, nth, then: { kind: "switchOff", as: "gone" } }] as const;
    const world = await startWorld({ ...auto, containers, faults });
    expect(await purgeTags(world, ["pr-42"])).toMatchObject({ deleted: 130, tags: [{ done: true }] });
    expect(world.session.api.version).toBe("v5");
    expectSound(world, 130);
  },
);

test("auto settles a v3 delete whose answer was lost by lists of v5", async () => {
  const faults = [
    { match: { route: "documents.deleteBulk" }, then: { kind: "reset", when: "afterEffect" } },
    { match: { api: "v3" }, nth: 2, then: { kind: "switchOff", as: "gone" } },
  ] as const;
  const world = await startWorld({ ...auto, containers, faults });
  expect(await purgeTags(world, ["pr-42"])).toMatchObject({ deleted: 130 });
  expectSound(world, 130);
});

test("auto does not move for a 404 alone: a wrong address fails, and names the URL", async () => {
  const faults = [{ times: Infinity, then: { kind: "notFound", as: "json" } }] as const;
  const world = await startWorld({ ...auto, containers, faults });
  const { message } = await errorOf(purgeTags(world, ["pr-42"]));
  expect(message).toContain("/v3/documents/list answered 404");
  expect(message).toContain("nothing was deleted");
  expect(world.session.api.version).toBe("v3");
  expectSound(world, 0);
});

test("auto moves for an unknown namespace too, which v5 may answer with 404", async () => {
  const world = await startWorld({ ...auto, v3: "gone", unknownNamespace: "notFound" });
  expect(await purgeTags(world, ["pr-42"])).toMatchObject({ deleted: 0, planned: 0 });
  expect(world.session.api.version).toBe("v5");
  expectSound(world, 0);
});

test("v3 alone does not move", async () => {
  const world = await startWorld({ apiVersion: "v3", v3: "gone", containers });
  expect((await errorOf(purgeTags(world, ["pr-42"]))).message).toContain("answered 410");
  expect(generations(world)).toEqual(["v3"]);
  expectSound(world, 0);
});

function generations({ emulator }: World): readonly (string | null)[] {
  return emulator.requests.map(({ api }) => api);
}
