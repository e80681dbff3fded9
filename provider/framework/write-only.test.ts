import { object, objectList, objectMap, string } from "./attribute";
import { withWriteOnly } from "./write-only";

const doc = "";
const key = { key: string("optional", { doc, writeOnly: true }), name: string("optional", { doc }) };
const attributes = {
  ...key,
  one: object("optional", key, { doc }),
  many: objectList("optional", key, { doc }),
  named: objectMap("optional", key, { doc }),
};

test("fills in the configured secrets at every depth, and nothing else", () => {
  const planned = (one: string) => ({ key: null, name: `planned ${one}` });
  const given = (one: string) => ({ key: `secret ${one}`, name: `given ${one}` });
  const both = (one: string) => ({ key: `secret ${one}`, name: `planned ${one}` });
  expect(
    withWriteOnly(
      attributes,
      { ...planned("0"), one: planned("1"), many: [planned("2")], named: { a: planned("3") } },
      { ...given("0"), one: given("1"), many: [given("2")], named: { a: given("3") } },
    ),
  ).toEqual({ ...both("0"), one: both("1"), many: [both("2")], named: { a: both("3") } });
});
