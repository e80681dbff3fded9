import { bool, list, map, number, object, objectList, objectMap, objectSet, set, string } from "./attribute";
import { contradictions, wireSchema } from "./schema";

const doc = "Doc.";

test("writes every type and mode as Terraform reads it", () => {
  const nested = { a: string("required", { doc }) };
  const { version, block } = wireSchema(
    "A thing.",
    {
      string: string("required", { doc }),
      number: number("optional", { doc, sensitive: true }),
      bool: bool("computed", { doc }),
      list: list("optional+computed", "string", { doc, default: [] }),
      set: set("optional", "number", { doc, writeOnly: true }),
      map: map("optional", "bool", { doc }),
      object: object("optional", nested, { doc }),
      object_list: objectList("optional", nested, { doc }),
      object_set: objectSet("optional", nested, { doc }),
      object_map: objectMap("optional", nested, { doc }),
    },
    3,
  );
  expect([version, block?.description]).toEqual([3, "A thing."]);
  const rows = block?.attributes?.map(({ name, type, nested_type, ...flags }) => [
    name,
    type ? Buffer.from(type).toString() : `${nested_type?.nesting} of ${nested_type?.attributes?.length}`,
    Object.entries(flags)
      .filter(([, on]) => on === true)
      .map(([flag]) => flag)
      .join(" "),
  ]);
  expect(rows).toEqual([
    ["string", '"string"', "required"],
    ["number", '"number"', "optional sensitive"],
    ["bool", '"bool"', "computed"],
    ["list", '["list","string"]', "optional computed"],
    ["set", '["set","number"]', "optional write_only"],
    ["map", '["map","bool"]', "optional"],
    ["object", "SINGLE of 1", "optional"],
    ["object_list", "LIST of 1", "optional"],
    ["object_set", "SET of 1", "optional"],
    ["object_map", "MAP of 1", "optional"],
  ]);
});

test("finds every contradiction in a declaration", () => {
  const attributes = {
    open: string("optional+computed", { doc }),
    given: string("optional", { doc, default: "d" }),
    held: string("required", { doc, keep: true }),
    loose: string("optional", { doc, volatile: true }),
    fixed: string("computed", { doc, volatile: true, default: "d" }),
    hidden: string("optional+computed", { doc, keep: true, writeOnly: true }),
    badName: string("optional", { doc }),
    parts: objectSet("optional", { key: string("optional", { doc, writeOnly: true }) }, { doc }),
  };
  expect(contradictions(attributes)).toEqual([
    "open: needs a default or keep",
    "given: only computed attributes have a default",
    "held: only computed attributes keep the prior value",
    "loose: is not merely computed",
    "fixed: is not merely computed",
    "hidden: is write-only and so cannot be computed",
    "badName: is no snake_case name",
    "parts.key: is write-only and so cannot be in a set",
  ]);
});

test("lets a resource plan what its attributes leave open", () => {
  expect(contradictions({ open: string("optional+computed", { doc }) }, { planned: true })).toEqual([]);
});

test("wants every attribute of a resource without update to replace it", () => {
  const attributes = {
    id: string("computed", { doc }),
    name: string("required", { doc, replace: true }),
    size: number("optional", { doc }),
  };
  expect(contradictions(attributes, { updatable: false })).toEqual([
    "size: there is no update, so it must be replace or computed",
  ]);
});
