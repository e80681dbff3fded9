import { durationMs } from "./duration";

test.each([
  ["15s", 15_000],
  ["1m30s", 90_000],
  ["1.5h", 5_400_000],
  ["500ms", 500],
  ["5m0s", 300_000],
  ["15", undefined],
  ["", undefined],
  ["1d", undefined],
  ["-5s", undefined],
  ["5 s", undefined],
])("reads %j as %j milliseconds", (text, expected) => {
  expect(durationMs(text)).toBe(expected);
});
