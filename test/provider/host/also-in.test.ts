import { alsoInPart } from "../../../provider/host/messages";
import type { AlsoIn } from "../../../provider/purge/types";

type Tags = Parameters<typeof alsoInPart>[0];

function carrying(
  containerTag: string,
  byTag: Readonly<Record<string, number>>,
  certainty: AlsoIn["certainty"] = "exact",
): Tags[number] {
  return { containerTag, alsoIn: { byTag: new Map(Object.entries(byTag)), certainty } };
}

const nothing = { containerTag: "pr-43" };

test.each<[string, Tags, number, string]>([
  ["no other container", [nothing], 9, ""],
  ["one", [carrying("pr-42", { "tenant-7": 3 })], 9, "; 3 of them also in tenant-7"],
  ["one document", [carrying("pr-42", { a: 1, b: 1 })], 1, "; also in a and b"],
  ["several, the largest first", [carrying("pr-42", { a: 1, b: 1_200 })], 1_300, "; 1,200 of them also in b, 1 in a"],
  [
    "more than three",
    [carrying("pr-42", { a: 4, b: 3, c: 2, d: 1 })],
    9,
    "; 4 of them also in a, 3 in b, 2 in c and others in more containers",
  ],
  ["two tags of the purge", [carrying("pr-42", { a: 1 }), carrying("pr-43", { a: 2 })], 9, "; 3 of them also in a"],
  ["only the newest documents", [carrying("pr-42", { a: 1 }, "least"), nothing], 999, "; at least 1 of them also in a"],
  [
    "an estimate",
    [carrying("pr-42", { a: 1 }, "about"), carrying("pr-1", { a: 1 }, "least")],
    9,
    "; about 2 of them also in a",
  ],
  ["tags of the purge alone", [carrying("pr-42", { "pr-43": 4 }), nothing], 9, ""],
  [
    "documents in two containers of the purge",
    [carrying("pr-42", { "pr-43": 1, a: 1 }), carrying("pr-43", { "pr-42": 1, a: 1 })],
    9,
    "; about 2 of them also in a",
  ],
])("documents that other containers lose too: %s", (_case, tags, total, part) => {
  expect(alsoInPart(tags, total)).toBe(part);
});
