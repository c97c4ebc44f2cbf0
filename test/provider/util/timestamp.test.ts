import { parseTimestamp } from "../../../provider/util/timestamp";

const noon = Date.parse("2026-01-31T12:00:00.000Z");

test.each([
  ...["2026-01-31T12:00:00Z", "2026-01-31T12:00:00.000Z", "2026-01-31t12:00:00z", "2026-01-31T12:00:00.000000000Z"],
  ...["2026-01-31T21:00:00+09:00", "2026-01-31T04:00:00-0800"],
  ...["2026-01-31 12:00:00+00", "2026-01-31 12:00:00.000+00"],
])("%s is a date", (text) => {
  expect(parseTimestamp(text)).toBe(noon);
});

test.each([
  ...["", "yesterday", "2", "day 5", "1769860800", "2026-01-31", "2026-01-31T12:00:00", "2026-01-31 12:00:00"],
  ...["2026-13-31T12:00:00Z", "2026-01-31T12:00:00+25:00", "+102026-01-31T12:00:00Z", "Sat, 31 Jan 2026 12:00:00 GMT"],
])('"%s" is not a date, or has no offset', (text) => {
  expect(parseTimestamp(text)).toBeUndefined();
});
