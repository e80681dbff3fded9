import { unknown, type Value } from "../plugin/value";
import { list, map, number, object, objectList, string } from "./attribute";
import { validateAttributes } from "./validate";

const doc = "";
const lower = (text: string) => (text === text.toLowerCase() ? undefined : `"${text}" has capitals [edge/capitals]`);
const attributes = {
  id: string("computed", { doc }),
  name: string("required", { doc, check: lower }),
  size: number("optional", { doc }),
  env: map("optional", "string", { doc, check: (env) => ("PORT" in env ? "PORT is taken [edge/port]" : undefined) }),
  zones: list("optional", "string", { doc }),
  ports: objectList(
    "optional",
    { port: number("required", { doc }), range: object("optional", { to: number("required", { doc }) }, { doc }) },
    { doc, check: (ports) => (ports.length > 2 ? "at most two [edge/two]" : undefined) },
  ),
};
const problems = (config: Readonly<Record<string, Value>>) =>
  validateAttributes(attributes, config).map(
    ({ path, detail }) => `${path?.join(".")} ${/\[[^[]*\]$/.exec(detail)?.[0]}`,
  );

test.each<[string, Record<string, Value>, string[]]>([
  ["has nothing to say about what is right", { name: "n", size: "0.1", ports: [{ port: 1, range: null }] }, []],
  ["does not judge what is unknown", { name: unknown, size: unknown, env: unknown, ports: [unknown] }, []],
  [
    "does not check what is partly unknown, but its parts",
    { name: "n", env: { PORT: unknown }, ports: [{ port: unknown, range: {} }] },
    ["ports.0.range.to [provider/required]"],
  ],
  [
    "wants what is required, at every depth",
    { ports: [{ port: null, range: {} }] },
    ["name [provider/required]", "ports.0.port [provider/required]", "ports.0.range.to [provider/required]"],
  ],
  ["refuses what the provider decides, even unknown", { name: "n", id: unknown }, ["id [provider/read-only]"]],
  [
    "refuses elements that are null",
    { name: "n", zones: ["a", null], env: { A: null } },
    ["env.A [provider/null-element]", "zones.1 [provider/null-element]"],
  ],
  [
    "refuses numbers that it cannot keep",
    { name: "n", size: "0.12345678901234567891" },
    ["size [provider/number-digits]"],
  ],
  [
    "runs every check",
    { name: "N", env: { PORT: "1" }, ports: [1, 2, 3].map((port) => ({ port })) },
    ["name [edge/capitals]", "env [edge/port]", "ports [edge/two]"],
  ],
])("%s", (_, config, expected) => {
  expect(problems(config)).toEqual(expected);
});
