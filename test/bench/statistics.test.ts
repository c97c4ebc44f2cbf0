import { spreadOf } from "../../bench/statistics";

test("the median is the middle of the values in any order", () => {
  expect(spreadOf([9, 1, 5]).median).toBe(5);
  expect(spreadOf([4, 1, 3, 2]).median).toBe(2.5);
  expect(spreadOf([7])).toEqual({ median: 7, lower: 7, upper: 7 });
});

test("half of the values lie between lower and upper", () => {
  expect(spreadOf([5, 1, 2, 4, 3])).toEqual({ median: 3, lower: 2, upper: 4 });
  expect(spreadOf([1, 2, 3, 4])).toEqual({ median: 2.5, lower: 1.75, upper: 3.25 });
});

test("an empty list is an error", () => {
  expect(() => spreadOf([])).toThrow(RangeError);
});
