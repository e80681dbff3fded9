import fc from "fast-check";
import { formsOf, leaksIn } from "./leak";

const value = 'pa"ss/w+rd é';
const wanted = [{ name: "DATABASE_URL", value }];
const base64 = (before: string, after: string) => Buffer.from(before + value + after).toString("base64");

test.each<[string, string]>([
  ["as it is", `url=${value} ok`],
  ["in JSON", JSON.stringify({ password: value })],
  ["in an address", `https://host/?p=${encodeURIComponent(value)}`],
  ["in hexadecimal digits", Buffer.from(`x${value}`).toString("hex")],
  ["in base64 at a border", base64("", "abc")],
  ["in base64 behind one byte", base64("a", "b")],
  ["in base64 behind two bytes", base64("ab", "")],
  ["in base64 for addresses", base64("abcd", "e").replaceAll("+", "-").replaceAll("/", "_")],
])("finds a value %s, and tells the line alone", (_what, line) => {
  expect(leaksIn(`first\n${line}\nlast ${line} ${line}`, wanted)).toEqual([
    { name: "DATABASE_URL", line: 2 },
    { name: "DATABASE_URL", line: 3 },
  ]);
});

test("finds one line of a key", () => {
  const key = "-----BEGIN KEY-----\nMIIEvQIBADANBgkqhkiG\nshort\n-----END KEY-----";
  expect(leaksIn("a\n2026 MIIEvQIBADANBgkqhkiG\nshort\n", [{ name: "APP_KEY", value: key }])).toEqual([
    { name: "APP_KEY", line: 2 },
  ]);
});

test("looks for no value of less than six characters, and finds nothing in what is masked", () => {
  expect(leaksIn("abcde", [{ name: "SHORT", value: "abcde" }])).toEqual([]);
  expect(leaksIn("token *** used", wanted)).toEqual([]);
});

test("whatever stands around a value, base64 of it has one of the forms", () => {
  const bytes = fc.uint8Array({ maxLength: 8 }).map((array) => Buffer.from(array));
  const holds = fc.property(bytes, fc.string({ minLength: 7, maxLength: 30 }), bytes, (before, secret, after) => {
    const text = Buffer.concat([before, Buffer.from(secret), after]).toString("base64");
    expect(formsOf(secret).some((form) => text.includes(form))).toBe(true);
  });
  fc.assert(holds);
});
