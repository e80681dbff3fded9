import fc from "fast-check";
import { durationMs, formatDuration, parseDuration } from "./duration";

const nanoseconds = fc.oneof(
  fc.nat(10_000),
  fc.nat(1_000_000).map((ms) => ms * 1e6),
  fc.nat(100_000).map((s) => s * 1e9),
);

describe("durations", () => {
  it("reads back what it wrote", () => {
    fc.assert(fc.property(nanoseconds, (ns) => parseDuration(formatDuration(ns)) === ns));
  });

  it.each([
    ["60s", "1m0s"],
    ["90m", "1h30m0s"],
    ["1500ms", "1.5s"],
    ["0.3s", "300ms"],
    ["0", "0s"],
  ])("writes %s as Go does: %s", (text, normal) => {
    expect(formatDuration(parseDuration(text) ?? -1)).toBe(normal);
  });

  it.each(["", "5", "-1s", "1 s", "s", "1d"])("does not take %j", (text) => {
    expect(parseDuration(text)).toBeUndefined();
    expect(() => durationMs(text)).toThrow("not a duration");
  });
});
