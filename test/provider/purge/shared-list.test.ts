import { setImmediate } from "node:timers/promises";
import { Freshness } from "../../../provider/purge/freshness";
import { SharedList } from "../../../provider/purge/shared-list";
import { LeapingClock } from "../support/clocks";

/** Two containers of one purge, and a list that counts its requests. */
function open() {
  const [clock, waits] = [new LeapingClock(), { count: 0 }];
  const list = new SharedList<number>();
  const requests = { sent: 0 };
  const [one, other] = [new Freshness(clock, waits), new Freshness(clock, waits)];
  const look = async (freshness: Freshness, holdsPlace = false) =>
    await list.get(freshness, holdsPlace, () => Promise.resolve((requests.sent += 1)));
  return { clock, list, look, one, other, requests };
}

function deferred<T>() {
  let resolve: (value: T) => void = () => undefined;
  const promise = new Promise<T>((settle) => {
    resolve = settle;
  });
  return { promise, resolve };
}

type Opened = ReturnType<typeof open>;

test.each<[string, number, (opened: Opened) => void]>([
  ["at the same time", 1, () => undefined],
  [
    "within a second",
    1,
    ({ clock }) => {
      clock.advance(1_000);
    },
  ],
  [
    "later",
    2,
    ({ clock }) => {
      clock.advance(1_001);
    },
  ],
  [
    "after a wait of either container",
    2,
    ({ one }) => {
      one.waited();
    },
  ],
  [
    "in a further round of its own",
    2,
    ({ other }) => {
      other.nextRound();
    },
  ],
  [
    "after a further round of another container",
    1,
    ({ one }) => {
      one.nextRound();
    },
  ],
])("a container that looks %s needs %d requests with the one before", async (_when, requests, happens) => {
  const opened = open();
  await opened.look(opened.one);
  happens(opened);
  const { look } = await opened.look(opened.other);
  expect(opened.requests.sent).toBe(requests);
  expect(opened.other.isFresh(opened.other.ownLook(look))).toBe(true);
});

test("a list that a container requests in a further round serves others too, but no longer after a wait", async () => {
  const { look, one, other, requests } = open();
  one.nextRound();
  await look(one);
  await look(other);
  expect(requests.sent).toBe(1);
  other.waited();
  await look(other);
  expect(requests.sent).toBe(2);
});

test("containers that look while a list is in flight wait for it, unless something waits in between", async () => {
  const { list, look, one, other, requests } = open();
  const held = deferred<undefined>();
  const first = list.get(one, false, async () => {
    await held.promise;
    return (requests.sent += 1);
  });
  const second = look(other);
  await setImmediate();
  expect(requests.sent).toBe(0);
  held.resolve(undefined);
  await Promise.all([first, second]);
  expect(requests.sent).toBe(1);

  const again = deferred<undefined>();
  one.waited();
  const third = list.get(one, false, async () => {
    await again.promise;
    return (requests.sent += 1);
  });
  const fourth = look(other);
  await setImmediate();
  other.waited();
  again.resolve(undefined);
  await Promise.all([third, fourth]);
  expect(requests.sent).toBe(3);
});

/** Otherwise all places could be held by containers that wait for a request that needs one. */
test("a container that holds a place only waits for a list whose request holds one", async () => {
  for (const [holder, sent] of [
    [false, 1],
    [true, 0],
  ] as const) {
    const { list, look, one, other, requests } = open();
    const never = deferred<number>();
    const first = list.get(one, holder, () => never.promise);
    const second = look(other, true);
    await setImmediate();
    expect(requests.sent).toBe(sent);
    never.resolve(9);
    await Promise.all([first, second]);
  }
});

test("a failed list is an error of the container that requested it; others send their own request", async () => {
  const { list, look, one, other, requests } = open();
  const failing = list.get(one, false, async () => {
    await setImmediate();
    throw new Error("no list");
  });
  const second = look(other);
  await expect(failing).rejects.toThrow("no list");
  expect(await second).toMatchObject({ value: 1 });
  await look(one);
  expect(requests.sent).toBe(1);
});
