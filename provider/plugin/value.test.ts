import { isUnknown, toNumber, unknown, type Value, whollyKnown } from "./value";

test("tells an unknown from null and from a collection that holds one", () => {
  const values: Value[] = [unknown, null, [unknown], "unknown"];
  expect(values.map(isUnknown)).toEqual([true, false, false, false]);
});

test("finds an unknown at any depth", () => {
  expect(whollyKnown({ a: [{ b: [null, "x", 1, true] }] })).toBe(true);
  expect(whollyKnown({ a: [{ b: [null, unknown] }] })).toBe(false);
  expect(whollyKnown(unknown)).toBe(false);
});

test.each([
  ["0.33", 0.33],
  ["0.330", 0.33],
  ["1e-1", 0.1],
  ["-0.5", -0.5],
  ["0", 0],
  [`1${"0".repeat(300)}`, 1e300],
])("reads the decimal text %s as a number", (text, number) => {
  expect(toNumber(text)).toBe(number);
});

test.each(["9007199254740993", "0.1000000000000000000001", "1e999", "ten", "", "0x10"])(
  "gives no number for %p, which a double cannot keep",
  (text) => {
    expect(toNumber(text)).toBeUndefined();
  },
);
