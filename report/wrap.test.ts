import fc from "fast-check";
import { wrap } from "./wrap";

test("breaks between words and goes on two characters further in", () => {
  expect(wrap("    one two three four", 16)).toBe("    one two\n      three four");
});

test("goes on below the last column of a row", () => {
  expect(wrap("  a-1  guest.memory_mb is 512", 24)).toBe("  a-1  guest.memory_mb\n       is 512");
});

test("colours take no room", () => {
  expect(wrap("\u001b[1mone\u001b[22m two", 7)).toBe("\u001b[1mone\u001b[22m two");
});

test("without a terminal nothing is broken", () => {
  expect(wrap("one two three four five", undefined)).toBe("one two three four five");
});

test("no word is lost or changed, and every line that can be short is", () => {
  const line = fc.array(fc.stringMatching(/^[a-z]{1,12}$/), { maxLength: 20 }).map((words) => words.join(" "));
  fc.assert(
    fc.property(line, fc.integer({ min: 30, max: 80 }), (text, columns) => {
      const wrapped = wrap(text, columns);
      expect(wrapped.split(/\s+/)).toEqual(text.split(/\s+/));
      for (const one of wrapped.split("\n")) expect(one.length).toBeLessThanOrEqual(columns);
    }),
  );
});
