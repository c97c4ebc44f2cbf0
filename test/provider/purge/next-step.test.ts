import { nextStep, type Step, type View } from "../../../provider/purge/next-step";

const leftThree: View = {
  listed: 3,
  planned: 3,
  named: 3,
  unaccounted: 3,
  progressed: false,
  retried: false,
  settled: false,
  hasRoom: true,
  wholeContainer: false,
  lost: false,
  leftSome: true,
};
const empty = { listed: 0, planned: 0, named: 0, unaccounted: 0 };
const stale = { unaccounted: 0 };

const rows: readonly (readonly [what: string, view: Partial<View>, step: Step])[] = [
  ["nothing of the plan is left", empty, "done"],
  ["only new documents are left", { ...empty, listed: 2 }, "done"],
  ["documents of the plan are left", {}, "delete-ids"],
  ["documents are left and there is no room for them, which the gate refuses", { hasRoom: false }, "delete-ids"],
  ["documents are left after a lost response", { lost: true }, "delete-ids"],
  ["documents are left, and the list names none of them", { named: 0 }, "wait"],

  ["a repeated delete changed nothing", { retried: true }, "wait"],
  ["a repeated delete changed something", { retried: true, progressed: true }, "delete-ids"],
  ["a repeated delete left nothing", { ...empty, retried: true }, "done"],

  ["a list shows what responses confirmed as deleted", stale, "wait"],
  ["it still does after the waits", { ...stale, settled: true }, "delete-ids"],
  ["it still does, and the limit has no room to delete twice", { ...stale, settled: true, hasRoom: false }, "wait"],
  ["it shows less than before", { ...stale, progressed: true }, "wait"],

  [
    "the delete of a container was lost, and it is empty",
    { ...empty, wholeContainer: true, lost: true },
    "delete-container",
  ],
  [
    "the delete of a container was lost, and it has documents",
    { wholeContainer: true, lost: true },
    "delete-container",
  ],
  [
    "the delete of a container was lost, and it has only new documents",
    { ...empty, listed: 2, wholeContainer: true, lost: true },
    "done",
  ],
  ["the delete of a container left documents", { wholeContainer: true }, "delete-ids"],
  ["and these are gone now", { ...empty, wholeContainer: true }, "delete-container"],
  ["and only new documents are left", { ...empty, listed: 2, wholeContainer: true }, "done"],
  ["and the container was deleted again since", { ...empty, wholeContainer: true, leftSome: false }, "done"],
  [
    "the second delete of a container was lost too",
    { ...empty, wholeContainer: true, lost: true, retried: true },
    "wait",
  ],
  ["documents of a purge by tag are gone", { ...empty, lost: true, leftSome: true }, "done"],
];

test.each(rows.map(([what, view, step]) => [what, step, view] as const))("when %s: %s", (_what, step, view) => {
  expect(nextStep({ ...leftThree, ...view })).toBe(step);
});
