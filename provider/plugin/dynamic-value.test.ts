import { ExtData, decode as independentDecode, encode as independentEncode } from "@msgpack/msgpack";
import fc from "fast-check";
import { decodeValue, encodeValue } from "./dynamic-value";
import { toNumber, unknown, type Value } from "./value";

/** Every shape of a value whose numbers survive without becoming decimal text. */
const values = fc.letrec<{ value: Value }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 5, depthSize: "medium" },
    fc.constant(null),
    fc.constant<Value>(unknown),
    fc.boolean(),
    fc.maxSafeInteger().map((n) => n + 0),
    fc.integer({ min: -300, max: 300 }),
    fc.string({ unit: "binary" }),
    fc.string({ minLength: 200, maxLength: 400 }),
    fc.array(tie("value"), { maxLength: 20 }),
    fc.dictionary(fc.string(), tie("value"), { maxKeys: 20, noNullPrototype: true }),
  ),
})).value;

test("a value survives the way to Terraform and back", () => {
  fc.assert(
    fc.property(values, (value) => {
      expect(decodeValue(encodeValue(value))).toEqual(value);
    }),
    { numRuns: 500 },
  );
});

/** The library refuses the key __proto__, reads 0 for -0, and turns a double that is a whole number into an integer. */
const plain = fc.letrec<{ value: Value }>((tie) => ({
  value: fc.oneof(
    fc.constant(null),
    fc.boolean(),
    fc.maxSafeInteger().map((n) => n + 0),
    fc.string({ unit: "binary", maxLength: 300 }),
    fc.array(tie("value")),
    fc.dictionary(
      fc.string().filter((key) => key !== "__proto__"),
      tie("value"),
      { noNullPrototype: true },
    ),
  ),
})).value;

test("an independent msgpack library reads what is written, and the other way round", () => {
  fc.assert(
    fc.property(plain, (value) => {
      expect(independentDecode(encodeValue(value))).toEqual(value);
      expect(decodeValue(independentEncode(value))).toEqual(value);
    }),
  );
});

test.each([1, 2, 3, 4, 8, 16, 300, 70_000])("takes an extension of any code and %d bytes for unknown", (size) => {
  const extensions = [0, 12, 99].map((code) => new ExtData(code, new Uint8Array(size)));
  expect(decodeValue(independentEncode([...extensions, "after"]))).toEqual([unknown, unknown, unknown, "after"]);
});

test.each([15, 16, 31, 32, 255, 256, 65_535, 65_536])(
  "an independent library reads what has a length of %d",
  (length) => {
    const keys = Array.from({ length }, (_, index) => `k${index}`);
    const value = { text: "x".repeat(length), list: keys, map: Object.fromEntries(keys.map((key) => [key, true])) };
    expect(independentDecode(encodeValue(value))).toEqual(value);
    expect(decodeValue(independentEncode(value))).toEqual(value);
  },
);

test("writes an unknown as Terraform does", () => {
  expect([...encodeValue(unknown)]).toEqual([0xd4, 0, 0]);
});

test.each([
  [0.33, "0.33"],
  [0.5, "0.5"],
  [1.5e300, "1.5e+300"],
])("writes %p as decimal text, so that Terraform takes it for what a configuration spells so", (number, text) => {
  expect(independentDecode(encodeValue(number))).toBe(text);
});

test("no number changes on the way to Terraform and back", () => {
  fc.assert(
    fc.property(fc.double({ noNaN: true, noDefaultInfinity: true }), (double) => {
      const read = decodeValue(encodeValue(double));
      expect(typeof read === "number" || typeof read === "string" ? toNumber(read) === double : read).toBe(true);
    }),
  );
});

test.each([
  [9007199254740993n, "9007199254740993"],
  [-9007199254740993n, "-9007199254740993"],
  [18446744073709551615n, "18446744073709551615"],
  [1n, 1],
])("reads the 64-bit integer %p without losing a digit", (integer, expected) => {
  expect(decodeValue(independentEncode(integer, { useBigInt64: true }))).toBe(expected);
});

test("reads doubles of both sizes", () => {
  expect(decodeValue(independentEncode([0.5, 1e300]))).toEqual([0.5, 1e300]);
  expect(decodeValue(independentEncode(0.25, { forceFloat32: true }))).toBe(0.25);
});

test("refuses numbers that Terraform cannot hold", () => {
  expect(() => encodeValue([Number.NaN])).toThrow(RangeError);
  expect(() => encodeValue(Number.POSITIVE_INFINITY)).toThrow("not a finite number");
});

test.each([
  ["nothing", []],
  ["a cut string", [0xa5, 0x61]],
  ["a cut list", [0x92, 0x01]],
  ["bytes after the end", [0x01, 0x02]],
  ["binary", [0xc4, 0x01, 0x00]],
  ["a number as key", [0x81, 0x01, 0x01]],
])("refuses %s", (_, bytes) => {
  expect(() => decodeValue(Uint8Array.from(bytes))).toThrow(RangeError);
});

test("keeps a key that JavaScript finds special", () => {
  const value = Object.fromEntries([["__proto__", "x"]]);
  expect(Object.entries(decodeValue(encodeValue(value)) ?? {})).toEqual([["__proto__", "x"]]);
});

test("reads either encoding of a DynamicValue, and an absent one as null", () => {
  expect(decodeValue({ msgpack: encodeValue({ a: 1 }) })).toEqual({ a: 1 });
  expect(decodeValue({ json: Buffer.from('{"a":[null]}') })).toEqual({ a: [null] });
  expect(decodeValue({})).toBeNull();
  expect(decodeValue(undefined)).toBeNull();
});

test("loses no digit of a number in JSON, and leaves texts alone", () => {
  const json =
    '{"a":9007199254740993,"b":-0.1234567890123456789,"c":1234567890123456,"d":"\\"9007199254740993","e":[1e300]}';
  expect(decodeValue({ json: Buffer.from(json) })).toEqual({
    a: "9007199254740993",
    b: "-0.1234567890123456789",
    c: 1234567890123456,
    d: '"9007199254740993',
    e: [1e300],
  });
});

test("reads JSON with a string of some MB, and refuses JSON that is cut", () => {
  const text = '\\"n\n'.repeat(1024 * 1024);
  expect(decodeValue({ json: Buffer.from(JSON.stringify([text, 9007199254740993n.toString()])) })).toEqual([
    text,
    "9007199254740993",
  ]);
  expect(() => decodeValue({ json: Buffer.from('["cut') })).toThrow(SyntaxError);
});

test("reads any JSON as JSON.parse does, where no number is long", () => {
  fc.assert(
    fc.property(
      fc.json({ maxDepth: 3 }).filter((json) => !/\d[\d.eE+-]{15}/.test(json)),
      (json) => {
        expect(decodeValue({ json: Buffer.from(json) })).toEqual(JSON.parse(json));
      },
    ),
  );
});
