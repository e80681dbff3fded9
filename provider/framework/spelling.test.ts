import { type ObjectValue, unknown } from "../plugin/value";
import { list, map, number, object, objectList, objectSet, set, string } from "./attribute";
import { respell, settle } from "./spelling";

const doc = "";
const name = string("optional", { doc, equal: (a: string, b: string) => a.toLowerCase() === b.toLowerCase() });
const attributes = {
  name,
  zones: set("optional", "string", { doc }),
  guest: object("optional", { name, cpus: number("optional", { doc }) }, { doc }),
  ports: objectList("optional", { name, port: number("optional", { doc }) }, { doc }),
  parts: objectSet("optional", { name, port: number("optional", { doc }) }, { doc }),
  env: map("optional", "string", { doc }),
  list: list("optional", "string", { doc }),
  password: string("optional", { doc, sensitive: true }),
};
const state: ObjectValue = {
  name: "a",
  zones: ["x", "y"],
  guest: { name: "g", cpus: 1 },
  ports: [{ name: "p", port: 1 }],
  parts: [
    { name: "q", port: 1 },
    { name: "r", port: 2 },
  ],
  env: { A: "1" },
  list: ["1", "2"],
  password: null,
};

describe("a reading", () => {
  test("takes the spelling of the state where it is equal, and differs only where it differs", () => {
    const fresh = {
      ...state,
      name: "A",
      zones: ["y", "x"],
      guest: { name: "G", cpus: 2 },
      ports: [
        { name: "P", port: 1 },
        { name: "N", port: 3 },
      ],
      parts: [
        { name: "R", port: 2 },
        { name: "Q", port: 9 },
      ],
    };
    expect(respell(attributes, fresh, state)).toEqual({
      ...state,
      guest: { name: "g", cpus: 2 },
      ports: [
        { name: "p", port: 1 },
        { name: "N", port: 3 },
      ],
      parts: [
        { name: "r", port: 2 },
        { name: "Q", port: 9 },
      ],
    });
  });

  test("after an import stands as it was read", () => {
    const nothing = Object.fromEntries(Object.keys(attributes).map((key) => [key, null]));
    expect(respell(attributes, state, nothing)).toEqual(state);
  });
});

describe("the state after an apply", () => {
  const surprises = (planned: ObjectValue, actual: ObjectValue) => {
    const settled = settle(attributes, planned, actual);
    return { state: settled.state, at: settled.surprises.map(({ path }) => path.join(".")) };
  };

  test("is the plan, completed by what became known", () => {
    const planned: ObjectValue = {
      ...state,
      name: unknown,
      ports: [{ name: unknown, port: 1 }],
      parts: [{ name: "s", port: unknown }],
      list: [unknown, "2"],
    };
    const actual = { ...state, parts: [{ name: "S", port: 4 }] };
    expect(surprises(planned, actual)).toEqual({ state: { ...actual, parts: [{ name: "s", port: 4 }] }, at: [] });
  });

  test("keeps the plan's spelling", () => {
    expect(surprises(state, { ...state, name: "A", zones: ["y", "x"] })).toEqual({ state, at: [] });
  });

  test("keeps the plan where the platform has something else, and says where", () => {
    const actual = {
      ...state,
      name: "b",
      zones: ["x"],
      guest: { name: "g", cpus: 4 },
      ports: [],
      env: { A: "2" },
      list: ["1"],
      parts: null,
    };
    const at = ["name", "zones", "guest.cpus", "ports", "parts", "env.A", "list"];
    expect(surprises(state, actual)).toEqual({ state, at });
  });

  test("does not take more elements of a set than planned", () => {
    const planned: ObjectValue = { ...state, parts: [{ name: "s", port: unknown }] };
    const actual = {
      ...state,
      parts: [
        { name: "s", port: 1 },
        { name: "t", port: 2 },
      ],
    };
    expect(surprises(planned, actual)).toEqual({
      state: { ...state, parts: [{ name: "s", port: null }] },
      at: ["parts"],
    });
  });

  test("holds nothing unknown, whatever happened", () => {
    const planned: ObjectValue = {
      ...state,
      ports: [{ name: unknown, port: 1 }],
      parts: [{ name: "s", port: unknown }],
    };
    const { state: settled, at } = surprises(planned, { ...state, ports: [], parts: [{ name: "other", port: 1 }] });
    expect(settled).toMatchObject({ ports: [{ name: null, port: 1 }], parts: [{ name: "s", port: null }] });
    expect(at).toEqual(["ports", "parts"]);
  });

  test("marks what may be a secret", () => {
    expect(settle(attributes, { ...state, password: "a" }, { ...state, password: "b" }).surprises).toMatchObject([
      { path: ["password"], sensitive: true },
    ]);
  });
});
