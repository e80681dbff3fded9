import { list, map, objectList, objectMap, objectSet, string } from "./attribute";
import type { Path } from "./definition";
import { pathText, wirePath } from "./path";

const doc = "";
const name = string("optional", { doc });
const attributes = {
  name,
  env: map("optional", "string", { doc }),
  zones: list("optional", "string", { doc }),
  services: objectList("optional", { checks: objectMap("optional", { name }, { doc }) }, { doc }),
  parts: objectSet("optional", { name }, { doc }),
};

test.each<[Path, string]>([
  [["name"], "name"],
  [["env", "LOG_LEVEL"], 'env["LOG_LEVEL"]'],
  [["zones", 1], "zones[1]"],
  [["services", 0, "checks", "a.b", "name"], 'services[0].checks["a.b"].name'],
  [["parts", 0, "name"], "parts"],
  [["name", "deeper"], "name"],
  [["zones", "one"], "zones"],
  [["nothing"], ""],
  [[], ""],
])("%j is %s", (path, text) => {
  expect(pathText(attributes, path)).toBe(text);
});

test("tells Terraform attributes, keys and indexes apart", () => {
  expect(wirePath(attributes, ["services", 0, "checks", "web", "name"])).toEqual({
    steps: [
      { attribute_name: "services" },
      { element_key_int: 0 },
      { attribute_name: "checks" },
      { element_key_string: "web" },
      { attribute_name: "name" },
    ],
  });
});
