import { describeStatus, failureOf } from "../../../provider/client/response";

const where = "DELETE https://api.example/v3/documents/bulk";
const words = { action: "delete documents", forbiddenHint: "use another key", keyHint: "check the key" };
const checkAddress = "check that the base URL is the address of the API";

test.each([
  [401, '{"error":"x"}', "the API rejected the key (401)", ["check the key"]],
  [403, "", "the key may not delete documents (403)", ["use another key"]],
  [401, " <html>", `${where} returned 401 with an HTML page, not an API response`, [checkAddress]],
  [403, "<html>", `${where} returned 403 with an HTML page, not an API response`, [checkAddress]],
  [404, "", `${where} returned 404`, [checkAddress]],
  [410, "", `${where} returned 410`, [checkAddress]],
  [
    307,
    "",
    `${where} returned a redirect (307), which is never followed`,
    ["set the base URL to the address that it redirects to"],
  ],
  [400, "", `${where} returned 400`, []],
  [503, "", `${where} returned 503`, []],
])("%i with the body %j is described by what happened and what to do", (status, text, summary, hints) => {
  expect(describeStatus({ status, text, retryAfter: undefined }, words, where)).toEqual({ summary, hints });
});

test.each([
  [401, { kind: "unauthorized" }],
  [403, { kind: "forbidden" }],
  [404, { kind: "missing" }],
  [410, { kind: "gone" }],
  [302, { kind: "redirect" }],
  [400, { kind: "rejected" }],
  [408, { kind: "server", retryAfterMs: 7_000 }],
  [409, { kind: "conflict", retryAfterMs: 7_000 }],
  [429, { kind: "limited", retryAfterMs: 7_000 }],
  [500, { kind: "server", retryAfterMs: 7_000 }],
])("%i is a failure of its own kind, with Retry-After where it may be repeated", (status, failure) => {
  expect(failureOf({ status, text: "", retryAfter: "7" }, 0)).toEqual({ status, ...failure });
});
