import fc from "fast-check";
import { exactDecimal, isShort, sameDecimal } from "./decimal";

test("compares decimal texts by value", () => {
  expect(sameDecimal("0.10", "1e-1")).toBe(true);
  expect(sameDecimal("120", "1.2E+2")).toBe(true);
  expect(sameDecimal("-0", "0.000")).toBe(true);
  expect(sameDecimal("0.1", "-0.1")).toBe(false);
  expect(sameDecimal("0.1", "0.10000000000000001")).toBe(false);
  expect(sameDecimal("NaN", "NaN")).toBe(false);
});

test("writes a double to its last digit", () => {
  expect(sameDecimal(exactDecimal(0.1), "0.1000000000000000055511151231257827021181583404541015625")).toBe(true);
  expect(sameDecimal(exactDecimal(2 ** 60), "1152921504606846976")).toBe(true);
});

test("knows which doubles JavaScript prints to the last digit", () => {
  expect([0.5, 0.75, 1e21, 2 ** 53, 0.1, 2 ** 60, 2 ** -30].map(isShort)).toEqual([
    true,
    true,
    true,
    true,
    false,
    false,
    false,
  ]);
});

test("reads back every double from its exact text", () => {
  fc.assert(
    fc.property(fc.double({ noNaN: true, noDefaultInfinity: true }), (double) => {
      expect(Number(exactDecimal(double)) === double).toBe(true);
    }),
  );
});
