import { waitLine } from "../../../provider/host/messages";

test.each([
  ["rate limited, going on in 12 s", { reason: "limited", status: 429 }],
  ["the API is busy (503), going on in 12 s", { reason: "server", status: 503 }],
  ["the API failed with an error of its own, going on in 12 s", { reason: "server", status: 500 }],
  ["the API cannot be reached, going on in 12 s", { reason: "unreachable", status: undefined }],
] as const)("a row that waits says why: %s", (line, wait) => {
  expect(waitLine({ ...wait, ms: 12_000 })).toBe(line);
});
