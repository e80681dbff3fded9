import { authorization, redact } from "./credential";

test("sends opaque tokens as Bearer and macaroons, whole, as FlyV1", () => {
  expect(authorization("fo1_abc")).toBe("Bearer fo1_abc");
  expect(authorization("fm2_abc,fm2_def")).toBe("FlyV1 fm2_abc,fm2_def");
  expect(authorization("fo1_abc,fm2_def")).toBe("FlyV1 fo1_abc,fm2_def");
  expect(authorization("FlyV1 fm2_abc")).toBe("FlyV1 fm2_abc");
  expect(authorization(" Bearer fo1_abc\n")).toBe("Bearer fo1_abc");
});

test("redacts a value as it stands, as JSON, as base64 and in an address", () => {
  const secret = 'pa"ss/word';
  const forms = [secret, JSON.stringify(secret), Buffer.from(secret).toString("base64"), encodeURIComponent(secret)];
  for (const form of forms) expect(redact(`got ${form}.`, [secret])).toMatch(/^got "?\[redacted\]"?\.$/);
});

test.each(["", "x", "xy"])("redacts a value that stands behind '%s' in base64", (before) => {
  const packed = Buffer.from(`${before}pa?s~word>1${before}`);
  for (const alphabet of ["base64", "base64url"] as const)
    expect(redact(`got ${packed.toString(alphabet)}.`, ["pa?s~word>1"])).toMatch(/^got .{0,3}\[redacted\].{0,5}\.$/);
});

test("withholds a text that repeats a value too short to replace, and only as a word", () => {
  expect(redact("value 42 refused", ["42"])).toBe("(withheld: the text repeats a secret value)");
  expect(redact("value 142 refused", ["42"])).toBe("value 142 refused");
});
