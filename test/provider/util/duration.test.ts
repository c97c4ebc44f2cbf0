import fc from "fast-check";
import { parseDuration } from "../../../provider/util/duration";

const [second, minute, hour, day] = [1_000, 60_000, 3_600_000, 86_400_000] as const;
const units = { ms: 1, s: second, seconds: second, m: minute, min: minute, minutes: minute, h: hour, days: day };

test("a duration is read in the usual spellings", () => {
  const read = ["90s", "10m", "1h30m", "1.5h", "30 days", " 250ms ", "1 Hour 1 Minute", "2d", "5mins"];
  const ms = [90_000, 600_000, 5_400_000, 5_400_000, 30 * day, 250, 3_660_000, 2 * day, 300_000];
  expect(read.map(parseDuration)).toEqual(ms);
});

test.each([
  [
    "what is not a duration",
    ["", " ", "10", "m", "10 parsecs", "-5m", "1h-5m", "5m!", "1.5.2h", "10m 5", "ten m", "1e3s"],
  ],
  ["a property of every object as a unit", ["5constructor", "5tostring", "5s5valueOf"]],
  ["a plural of a short unit", ["5ss", "5mss"]],
])("%s is refused", (_what, texts) => {
  expect(texts.filter((text) => parseDuration(text) !== undefined)).toEqual([]);
});

test("a duration adds its parts, with any units and spaces", () => {
  const part = fc.record({
    number: fc.integer({ min: 0, max: 10_000 }),
    unit: fc.constantFrom(...Object.entries(units)),
    space: fc.constantFrom("", " "),
  });
  fc.assert(
    fc.property(fc.array(part, { minLength: 1, maxLength: 4 }), (parts) => {
      const text = parts.map(({ number, space, unit: [name] }) => `${number}${space}${name}`).join(" ");
      const sum = parts.reduce((total, { number, unit: [, ms] }) => total + number * ms, 0);
      expect(parseDuration(text)).toBe(sum);
    }),
  );
});

test("any text is a finite number or no duration", () => {
  fc.assert(
    fc.property(fc.oneof(fc.string(), fc.stringMatching(/^\d{1,5} ?[a-z]{1,12}$/)), (text) => {
      const ms = parseDuration(text);
      expect(ms === undefined || Number.isFinite(ms)).toBe(true);
    }),
  );
});
