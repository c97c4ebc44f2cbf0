import { waitLine } from "../../../provider/host/messages";

test.each([
  ["rate limited, retrying in 12 s", { reason: "limited", status: 429 }],
  ["the API is unavailable (503), retrying in 12 s", { reason: "server", status: 503 }],
  ["the API returned a server error, retrying in 12 s", { reason: "server", status: 500 }],
  ["the API cannot be reached, retrying in 12 s", { reason: "unreachable", status: undefined }],
] as const)("a row that waits says why: %s", (line, wait) => {
  expect(waitLine({ ...wait, ms: 12_000 })).toBe(line);
});
