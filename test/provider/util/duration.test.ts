import fc from "fast-check";
import { parseDuration } from "../../../provider/util/duration";

const units = {
  ms: 1,
  s: 1_000,
  seconds: 1_000,
  m: 60_000,
  min: 60_000,
  minutes: 60_000,
  h: 3_600_000,
  days: 86_400_000,
};

describe("durations", () => {
  test("reads the usual spellings", () => {
    const read = ["90s", "10m", "1h30m", "1.5h", "30 days", " 250ms ", "1 Hour 1 Minute", "2d"].map(parseDuration);
    expect(read).toEqual([90_000, 600_000, 5_400_000, 5_400_000, 2_592_000_000, 250, 3_660_000, 172_800_000]);
  });

  test("refuses what is not a duration", () => {
    const texts = ["", " ", "10", "m", "10 parsecs", "-5m", "1h-5m", "5m!", "1.5.2h", "10m 5", "ten minutes", "1e3s"];
    expect(texts.map(parseDuration)).toEqual(texts.map(() => undefined));
  });

  test("does not read a property of every object as a unit", () => {
    expect(["5constructor", "5tostring", "5s5valueOf"].map(parseDuration)).toEqual([undefined, undefined, undefined]);
  });

  test("accepts a plural of whole words only", () => {
    expect([parseDuration("5ss"), parseDuration("5mss"), parseDuration("5mins")]).toEqual([
      undefined,
      undefined,
      300_000,
    ]);
  });

  test("adds its parts, with any units and spaces", () => {
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

  test("returns a finite number or undefined for any text", () => {
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.stringMatching(/^\d{1,5} ?[a-z]{1,12}$/)), (text) => {
        const ms = parseDuration(text);
        expect(ms === undefined || Number.isFinite(ms)).toBe(true);
      }),
    );
  });
});
