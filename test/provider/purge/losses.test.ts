import { Losses } from "../../../provider/purge/losses";
import { byIds, type Story, testStories, toDelete, versions } from "../support/stories";
import { purgeTags, startWorld } from "../support/world";

/** Two purges of one container at a time may both count the same documents when a response is missing. */

const five: Story = { containers: { "pr-42": 5 }, deleted: 5 };
const uncertain: Story = { ...five, estimated: true, results: [{ estimated: true, least: false, lostBeside: true }] };
const certain: Story = { ...five, results: [{ estimated: false, least: false }] };

/** A second purge that misses a response when the first one deletes. */
function misses(containerTag: string): Pick<Story, "session"> {
  const losses = new Losses();
  const other = losses.begin();
  return {
    session: () => ({
      losses,
      beforeMutation: () => {
        other.lost(containerTag);
        return Promise.resolve();
      },
    }),
  };
}

/** A second purge that missed a response before the first one began. */
function missed(isOver: boolean): Pick<Story, "session"> {
  const losses = new Losses();
  const other = losses.begin();
  other.lost("pr-42");
  if (isOver) other.end();
  return { session: () => ({ losses }) };
}

testStories({
  "a number is an estimate if another purge of the container misses a response": { ...uncertain, ...misses("pr-42") },
  "so is the number of a purge by ids": { ...uncertain, ...misses("pr-42"), method: byIds },
  "so is the number of a purge that begins while the other one still runs": { ...uncertain, ...missed(false) },
  "a response that was missing in another container changes no number": { ...certain, ...misses("pr-43") },
  "a purge that was over before changes no number": { ...certain, ...missed(true) },
  "a container that was empty is empty": {
    ...{ ...missed(false), containers: { "pr-42": 0 }, deleted: 0 },
    results: [{ estimated: false }],
  },
});

test.each(versions)("on %s both purges of a container mark their numbers as estimates", async (apiVersion) => {
  const fault = { kind: "reset", when: "beforeEffect" } as const;
  const world = await startWorld({
    ...{ apiVersion, containers: { "pr-42": 50 }, faults: [{ match: toDelete, then: fault }] },
  });
  const losses = new Losses();
  const [lost, ended, begun] = [new Event(), new Event(), new Event()];
  let [facts, mutations] = [0, 0];
  const first = purgeTags(world, ["pr-42"], {
    session: {
      losses,
      // Called at the start, then after each fact.
      onDeleted: () => {
        if (++facts === 2) lost.happen();
      },
      // The second delete follows the list after the loss.
      beforeMutation: () => (++mutations === 1 ? begun.wait : ended.wait),
    },
  });
  const second = purgeTags(world, ["pr-42"], {
    session: {
      losses,
      beforeMutation: () => {
        begun.happen();
        return lost.wait;
      },
    },
  }).finally(() => {
    ended.happen();
  });
  const outcomes = await Promise.all([first, second]);
  expect(outcomes).toMatchObject([{ estimated: true }, { deleted: 50, estimated: true }]);
});

class Event {
  happen: () => void = () => undefined;
  readonly wait = new Promise<void>((resolve) => {
    this.happen = resolve;
  });
}
