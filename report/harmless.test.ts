import fc from "fast-check";
import { harmless } from "./harmless";

describe("harmless", () => {
  test("leaves ordinary text alone", () => {
    expect(harmless("machine 148e: guest.memory_mb is 512 – ünïcode 日本 🚀")).toBe(
      "machine 148e: guest.memory_mb is 512 – ünïcode 日本 🚀",
    );
  });

  test("writes out escape sequences, carriage returns and direction marks", () => {
    expect(harmless("a\u001b[31mb\rc\u202ed\u0007\u009b")).toBe("a\\u{1b}[31mb\\u{d}c\\u{202e}d\\u{7}\\u{9b}");
  });

  test("keeps line ends only where asked", () => {
    expect(harmless("a\nb\tc")).toBe("a\\nb\\tc");
    expect(harmless("a\nb\tc", { lines: true })).toBe("a\nb\tc");
  });

  test("no text gets a control character through", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary" }), (text) => {
        expect(harmless(text)).not.toMatch(/[\p{Cc}\u202a-\u202e\u2066-\u2069]/u);
      }),
    );
  });
});
