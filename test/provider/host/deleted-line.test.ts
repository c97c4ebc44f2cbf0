import { deletedLine } from "../../../provider/host/messages";
import type { PurgeOutcome } from "../../../provider/purge/types";

describe("the summary of a purge", () => {
  test("names the number of each of up to five tags", () => {
    expect(deletedLine(outcome([1, 0, 3, 1_000, 5]), 0)).toBe(
      "deleted 1,009 documents in 0.4 s (pr-1: 1, pr-2: 0, pr-3: 3, pr-4: 1,000, pr-5: 5)",
    );
  });

  test("names the five largest of more tags, and how many others there are", () => {
    expect(deletedLine(outcome([1, 2, 3, 4, 5, 6]), 0)).toBe(
      "deleted 21 documents in 0.4 s (pr-6: 6, pr-5: 5, pr-4: 4, pr-3: 3, pr-2: 2, and 1 more tag)",
    );
    expect(deletedLine(outcome([1, 2, 3, 4, 5, 6, 7]), 2)).toBe(
      "deleted 28 documents in 0.4 s (pr-7: 7, pr-6: 6, pr-5: 5, pr-4: 4, pr-3: 3, and 2 more tags; 30 in total)",
    );
  });

  test("names the container in which another purge missed a response", () => {
    const { tags, ...others } = outcome([5]);
    const uncertain = tags.map((tag) => ({ ...tag, estimated: true, lostBeside: true as const }));
    expect(deletedLine({ ...others, tags: uncertain, estimated: true }, 0)).toBe(
      "deleted about 5 documents in pr-1 in 0.4 s; the number is an estimate, because another purge of pr-1 missed a response at the same time",
    );
  });
});

const certain = { unconfirmed: 0, goneWithoutResponse: 0, beyondPlan: 0 } as const;

/** A complete purge by tag that deleted these numbers of documents, one for each of pr-1, pr-2 and so on. */
function outcome(numbers: readonly number[]): PurgeOutcome {
  const left = { ...certain, remaining: 0, lastSeen: 0, written: 0, kept: [], memories: 0, absent: false } as const;
  const result = { ...left, event: "create", estimated: false, least: false, done: true } as const;
  const tags = numbers.map((deleted, index) => ({
    ...result,
    containerTag: `pr-${index + 1}`,
    planned: deleted,
    deleted,
  }));
  const deleted = numbers.reduce((sum, number) => sum + number, 0);
  const plan = { planned: deleted, method: { kind: "tag" }, apiVersion: "v3", besideProtected: false } as const;
  return { tags, deleted, estimated: false, warnings: [], durationMs: 412, ...plan };
}
