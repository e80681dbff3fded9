import { isOlder } from "./tool";

test.each([
  ["0.3.194", "0.3.195", true],
  ["0.3.195", "0.3.195", false],
  ["0.10.0", "0.3.195", false],
  ["1.6", "1.6.0", false],
  ["1.5.7", "1.6.0", true],
])("%s is older than %s: %s", (a, b, older) => {
  expect(isOlder(a, b)).toBe(older);
});
