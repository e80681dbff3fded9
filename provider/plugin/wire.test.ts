import fc from "fast-check";
import { AttributePath, Diagnostic, methods, SchemaAttribute } from "./tfplugin6";
import {
  bool,
  bytes,
  decode,
  encode,
  enumeration,
  int64,
  type Message,
  many,
  map,
  message,
  one,
  optional,
  string,
} from "./wire";

const leaf = message({ name: string(1), size: int64(2) });
const everything = message({
  text: string(1),
  data: bytes(2),
  flag: bool(3),
  count: int64(4),
  mode: enumeration(5, "OFF", "SLOW", "FAST"),
  maybe: optional(string(6)),
  child: one(7, leaf),
  children: many(8, leaf),
  named: map(20, leaf),
});

const leaves = fc.record({ name: fc.string({ unit: "binary" }), size: fc.maxSafeInteger().map((n) => n + 0) });
const messages = fc.record({
  text: fc.string({ unit: "binary" }),
  data: fc.uint8Array().map((array) => Buffer.from(array)),
  flag: fc.boolean(),
  count: fc.maxSafeInteger().map((n) => n + 0),
  mode: fc.constantFrom("OFF" as const, "SLOW" as const, "FAST" as const),
  maybe: fc.option(fc.string(), { nil: undefined }),
  child: fc.option(leaves, { nil: undefined }),
  children: fc.array(leaves),
  named: fc.dictionary(fc.string(), leaves, { noNullPrototype: true }),
});

test("a message survives encoding and decoding", () => {
  fc.assert(
    fc.property(messages, (value) => {
      const { data, ...rest } = decode(everything, encode(everything, value));
      expect(rest).toEqual({ ...value, data: undefined });
      expect(Buffer.from(data)).toEqual(value.data);
    }),
  );
});

test("an absent field has proto3's default", () => {
  expect(decode(everything, new Uint8Array())).toEqual({
    text: "",
    data: new Uint8Array(),
    flag: false,
    count: 0,
    mode: "OFF",
    maybe: undefined,
    child: undefined,
    children: [],
    named: {},
  });
});

test("a default is not written, an optional default is", () => {
  expect(encode(everything, { text: "", count: 0, flag: false, mode: "OFF", children: [], named: {} })).toHaveLength(0);
  expect(hex(encode(everything, { maybe: "" }))).toBe("3200");
  expect(hex(encode(everything, { child: {} }))).toBe("3a00");
});

test("steps over fields of every wire type that it does not know", () => {
  const later = Buffer.concat([
    Buffer.from("a00601", "hex"), // field 100, varint
    Buffer.from("a1060102030405060708", "hex"), // 64 bits
    Buffer.from("a206026869", "hex"), // delimited
    Buffer.from("a50601020304", "hex"), // 32 bits
    encode(everything, { text: "kept" }),
  ]);
  expect(decode(everything, later).text).toBe("kept");
});

test.each([
  "0a",
  "0a05",
  "0affffffffffffffffff01",
  "0affffffffffffffffff010102030405060708",
  "08ffffffffffffffffffff01",
  "0b",
])("refuses %s", (text) => {
  expect(() => decode(everything, Buffer.from(text, "hex"))).toThrow(RangeError);
});

test("a negative number takes ten bytes, as protobuf wants", () => {
  expect(hex(encode(leaf, { size: -2 }))).toBe("10feffffffffffffffff01");
});

/** Bytes worked out by hand from the protocol file and the encoding rules of protobuf. */
test.each([
  [
    "a diagnostic at an element of a list",
    encode(Diagnostic, {
      severity: "WARNING",
      summary: "s",
      detail: "d",
      attribute: { steps: [{ attribute_name: "a" }, { element_key_int: 0 }, { element_key_string: "" }] },
    }),
    "08021201731a0164220d0a030a01610a0218000a021200",
  ],
  [
    "a nested attribute",
    encode(SchemaAttribute, {
      name: "n",
      optional: true,
      nested_type: { nesting: "LIST", attributes: [{ name: "x", type: Buffer.from('"bool"'), computed: true }] },
    }),
    "0a016e52110a0d0a0178120622626f6f6c22300118022801",
  ],
])("writes %s as protobuf", (_, bytes, expected) => {
  expect(hex(bytes)).toBe(expected);
});

test("tells which selector a path step has", () => {
  const path = { steps: [{ attribute_name: "a" }, { element_key_int: 0 }] };
  expect(decode(AttributePath, encode(AttributePath, path))).toEqual(path);
});

test("no two fields of a call share a number", () => {
  const messages = Object.values(methods).flatMap<Message>(({ request, response }) => [request, response]);
  for (const { fields } of messages) {
    const numbers = Object.values(fields).map((field) => field.number);
    expect(new Set(numbers).size).toBe(numbers.length);
  }
});

const hex = (bytes: Uint8Array) => Buffer.from(bytes).toString("hex");
