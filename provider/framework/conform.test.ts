import { unknown } from "../plugin/value";
import { bool, list, map, number, object, objectList, objectMap, set, string } from "./attribute";
import { conformObject, toKnownObject } from "./conform";

const doc = "";
const attributes = {
  name: string("required", { doc }),
  size: number("optional", { doc }),
  on: bool("optional", { doc }),
  sizes: list("optional", "number", { doc }),
  zones: set("optional", "string", { doc }),
  env: map("optional", "string", { doc }),
  guest: object("optional", { cpus: number("optional", { doc }), kind: string("optional", { doc }) }, { doc }),
  ports: objectList("optional", { port: number("required", { doc }) }, { doc }),
  checks: objectMap("optional", { path: string("optional", { doc }) }, { doc }),
  token: string("optional", { doc, writeOnly: true }),
};
const absent = {
  name: null,
  size: null,
  on: null,
  sizes: null,
  zones: null,
  env: null,
  guest: null,
  ports: null,
  checks: null,
  token: null,
};

test("handlers see numbers as numbers, and nothing of what is null or unknown", () => {
  const known = toKnownObject(attributes, {
    ...absent,
    name: "n",
    size: "0.1",
    on: unknown,
    sizes: [1, "0.2"],
    guest: { cpus: unknown, kind: null },
    ports: [{ port: "1e3" }],
    checks: { web: { path: null } },
  });
  expect(known).toEqual({
    name: "n",
    size: 0.1,
    sizes: [1, 0.2],
    guest: {},
    ports: [{ port: 1000 }],
    checks: { web: {} },
  });
  expect(Object.keys(known)).not.toContain("on");
});

test("what handlers leave out is null, and write-only values never come back", () => {
  const { value, misfits } = conformObject(attributes, {
    name: "n",
    token: "secret",
    guest: { cpus: 1 },
    size: undefined,
    ports: [{ port: 80 }],
    env: { A: "b" },
  });
  expect(misfits).toEqual([]);
  expect(value).toEqual({
    ...absent,
    name: "n",
    guest: { cpus: 1, kind: null },
    ports: [{ port: 80 }],
    env: { A: "b" },
  });
});

test("every wrong shape is told with its path, and its place is null", () => {
  const { value, misfits } = conformObject(attributes, {
    name: 1,
    size: Number.NaN,
    sizes: "1",
    zones: ["a", null],
    env: { A: 1 },
    guest: { cpus: 1, colour: "red" },
    ports: [{ port: "80" }],
    other: true,
  });
  expect(misfits.map(({ path, got, wanted }) => `${path.join(".")}: ${got}, not ${wanted}`)).toEqual([
    "other: a boolean, not no such attribute",
    "name: a number, not a string",
    "size: NaN, not a number",
    "sizes: a string, not a list",
    "zones.1: nothing, not an element",
    "env.A: a number, not a string",
    "guest.colour: a string, not no such attribute",
    "ports.0.port: a string, not a number",
  ]);
  expect(value).toMatchObject({ name: null, guest: { cpus: 1 }, ports: [{ port: null }] });
});

test("no object at all is an object without values, and told", () => {
  const { value, misfits } = conformObject(attributes, undefined);
  expect(value).toEqual(absent);
  expect(misfits).toEqual([{ path: [], got: "nothing", wanted: "an object" }]);
});

test("what an older version had too much is dropped where asked", () => {
  expect(conformObject(attributes, { name: "n", gone: 1 }, { extra: "drop" })).toEqual({
    value: { ...absent, name: "n" },
    misfits: [],
  });
});
