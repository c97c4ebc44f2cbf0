import { countOnce } from "../../../provider/purge/distinct";
import type { TagPlan } from "../../../provider/purge/types";

describe("documents under several tags of one purge", () => {
  test("count once, for the first of their tags, if the plan knows every document", () => {
    const tags = [planOf("pr-42", ["a", "b", "both"]), planOf("pr-43", ["both", "c"]), planOf("pr-44", ["both"])];
    expect(countOnce({ tags })).toEqual({ total: 4, tags: numbers(3, 1, 0), isMost: false });
  });

  test("make the total an upper bound if one container was too large for a page", () => {
    const large = { count: 300, members: undefined };
    const tags = [
      { ...planOf("pr-42", []), ...large, alsoCarried: new Map([["pr-43", 1]]) },
      planOf("pr-43", ["both"]),
    ];
    expect(countOnce({ tags })).toEqual({ total: 301, tags: numbers(300, 1), isMost: true });
  });

  test("are none if such a container showed none", () => {
    const large = { count: 300, members: undefined, alsoCarried: new Map([["elsewhere", 1]]) };
    expect(countOnce({ tags: [{ ...planOf("pr-42", []), ...large }, planOf("pr-43", ["c"])] })).toMatchObject({
      total: 301,
      isMost: false,
    });
  });

  test("are counted by the plan itself, by ids", () => {
    const byIds = { ids: new Set(["a", "both"]), members: undefined, alsoCarried: new Map([["pr-43", 1]]), count: 2 };
    const tags = [
      { ...planOf("pr-42", []), ...byIds },
      { ...planOf("pr-43", []), ...byIds, count: 1 },
    ];
    expect(countOnce({ tags })).toEqual({ total: 3, tags: numbers(2, 1), isMost: false });
  });
});

function numbers(...documents: readonly number[]) {
  return documents.map((number, index) => ({ containerTag: `pr-${42 + index}`, documents: number }));
}

/** A plan by tag whose documents one page held. */
function planOf(containerTag: string, members: readonly string[]): TagPlan {
  const listed = { count: members.length, listed: members.length, members: new Set(members) };
  return { containerTag, event: "create", ...listed, kept: [], newest: 0, alsoCarried: new Map(), allTagsSeen: true };
}
