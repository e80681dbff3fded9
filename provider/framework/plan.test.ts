import { type ObjectValue, unknown, type Value } from "../plugin/value";
import {
  type Attribute,
  type Attributes,
  bool,
  number,
  object,
  objectList,
  objectMap,
  objectSet,
  set,
  string,
} from "./attribute";
import { planObject, replacements, withVolatile } from "./plan";

const doc = "";
const sameLetters = (a: string, b: string) => a.toLowerCase() === b.toLowerCase();

/** The plan of one attribute `it`. `prior` left out: a create. */
function planOf(attribute: Attribute, config: Value, prior?: Value): Value | undefined {
  return planObject({ it: attribute }, { it: config }, prior === undefined ? null : { it: prior }).it;
}

describe("an attribute that is left out", () => {
  test.each<[string, Attribute, Value | undefined, Value]>([
    ["is absent when optional, whatever was there", string("optional", { doc }), "was", null],
    ["is its default, not what was there", string("optional+computed", { doc, default: "d" }), "was", "d"],
    ["is its default on create", string("optional+computed", { doc, default: "d" }), undefined, "d"],
    ["is absent when the default is null", string("optional+computed", { doc, default: null }), "was", null],
    [
      "keeps the prior spelling of its default",
      string("optional+computed", { doc, default: "d", equal: sameLetters }),
      "D",
      "D",
    ],
    ["stays as it is when kept", string("optional+computed", { doc, keep: true }), "was", "was"],
    ["stays absent when kept", string("optional+computed", { doc, keep: true }), null, null],
    ["is unknown on create when kept", string("optional+computed", { doc, keep: true }), undefined, unknown],
    [
      "is its default on create when kept",
      string("optional+computed", { doc, keep: true, default: "d" }),
      undefined,
      "d",
    ],
    [
      "is not its default afterwards when kept",
      string("optional+computed", { doc, keep: true, default: "d" }),
      "was",
      "was",
    ],
    ["is unknown on create when computed", string("computed", { doc }), undefined, unknown],
    ["stays as it is when computed", string("computed", { doc }), "was", "was"],
    ["is always its default when computed with one", string("computed", { doc, default: "d" }), "was", "d"],
    ["is null when write-only", string("optional", { doc, writeOnly: true }), "was", null],
  ])("%s", (_, attribute, prior, planned) => {
    expect(planOf(attribute, null, prior)).toEqual(planned);
  });
});

describe("an attribute that is configured", () => {
  test.each<[string, Attribute, Value, Value | undefined, Value]>([
    ["is planned as configured", string("required", { doc }), "new", "was", "new"],
    ["keeps the prior spelling where equal", string("required", { doc, equal: sameLetters }), "A", "a", "a"],
    ["is planned as configured where not equal", string("required", { doc, equal: sameLetters }), "B", "a", "B"],
    ["passes unknown on", string("optional+computed", { doc, default: "d" }), unknown, "was", unknown],
    ["keeps the prior order of a set", set("optional", "number", { doc }), [1, 2], [2, 1], [2, 1]],
    ["is null when write-only", string("required", { doc, writeOnly: true }), "secret", null, null],
  ])("%s", (_, attribute, config, prior, planned) => {
    expect(planOf(attribute, config, prior)).toEqual(planned);
  });
});

describe("nested attributes", () => {
  const port = {
    port: number("required", { doc }),
    protocol: string("optional+computed", { doc, default: "tcp" }),
    serial: string("computed", { doc }),
  };

  test("complete the default of their object", () => {
    const guest = { cpus: number("optional+computed", { doc, default: 1 }), kind: string("optional", { doc }) };
    const attribute = object("optional+computed", guest, { doc, default: {} });
    expect(planOf(attribute, null)).toEqual({ cpus: 1, kind: null });
    expect(planOf(attribute, { cpus: 2, kind: null })).toEqual({ cpus: 2, kind: null });
  });

  test("of an object that is left out are as before where they say nothing", () => {
    const dns = { skip: bool("optional+computed", { doc, default: false }) };
    const attribute = object("optional+computed", dns, { doc, default: null });
    expect(planOf(attribute, null, { skip: false })).toEqual({ skip: false });
    expect(planOf(attribute, null, { skip: true })).toBeNull();
    expect(planOf(attribute, null, null)).toBeNull();
  });

  test("of a list are kept by index", () => {
    const attribute = objectList("optional", port, { doc });
    const prior = [{ port: 1, protocol: "udp", serial: "s1" }];
    const config = [1, 2].map((port) => ({ port, protocol: null, serial: null }));
    expect(planOf(attribute, config, prior)).toEqual([
      { port: 1, protocol: "tcp", serial: "s1" },
      { port: 2, protocol: "tcp", serial: unknown },
    ]);
  });

  test("of a map are kept by key, even one that every object has", () => {
    const attribute = objectMap("optional", port, { doc });
    const one = { port: 1, protocol: null, serial: null };
    const prior = { web: { port: 1, protocol: "tcp", serial: "s1" } };
    expect(planOf(attribute, { web: one, constructor: one }, prior)).toEqual({
      web: prior.web,
      constructor: { port: 1, protocol: "tcp", serial: unknown },
    });
  });

  test("of a set are kept where all else is equal, as many as possible", () => {
    const keep = { doc, keep: true };
    const pair = { a: number("optional+computed", keep), b: number("optional+computed", keep) };
    const attribute = objectSet("optional", pair, { doc });
    const prior = [
      { a: 2, b: 8 },
      { a: 5, b: 7 },
    ];
    expect(
      planOf(
        attribute,
        [
          { a: null, b: null },
          { a: 2, b: null },
        ],
        prior,
      ),
    ).toEqual(prior);
    expect(planOf(attribute, [{ a: 3, b: null }], prior)).toEqual([{ a: 3, b: unknown }]);
  });

  test("of an object that is unknown are not planned", () => {
    expect(planOf(objectList("optional", port, { doc }), [unknown], [])).toEqual([unknown]);
    expect(planOf(object("optional", port, { doc }), unknown, null)).toBe(unknown);
  });

  test("of an object that is equal as a whole stay as they are", () => {
    const version = { text: string("required", { doc }) };
    const attribute = object("optional", version, { doc, equal: (a, b) => sameLetters(a.text, b.text) });
    expect(planOf(attribute, { text: "ABC" }, { text: "abc" })).toEqual({ text: "abc" });
  });
});

describe("a default that is derived", () => {
  const attributes: Attributes = {
    cpus: number("optional", { doc }),
    memory: number("optional+computed", { doc, default: ({ cpus }) => (typeof cpus === "number" ? cpus * 256 : 256) }),
    rest: number("optional+computed", { doc, default: ({ memory }) => Number(memory) + 1 }),
  };

  test("sees what was declared before it, as planned", () => {
    const plan = (cpus: Value) => planObject(attributes, { cpus, memory: null, rest: null }, null);
    expect(plan(2)).toEqual({ cpus: 2, memory: 512, rest: 513 });
    expect(plan(null)).toEqual({ cpus: null, memory: 256, rest: 257 });
  });

  test("is unknown where it looks at what is unknown", () => {
    const planned = planObject(attributes, { cpus: unknown, memory: null, rest: null }, null);
    expect(planned).toEqual({ cpus: unknown, memory: unknown, rest: unknown });
  });

  test("fails with its own error", () => {
    const broken = {
      it: string("computed", {
        doc,
        default: () => {
          throw new TypeError("broken");
        },
      }),
    };
    expect(() => planObject(broken, {}, null)).toThrow(new TypeError("broken"));
  });
});

describe("a volatile attribute", () => {
  const inner = { size: number("optional", { doc }), version: number("computed", { doc, volatile: true }) };
  const attributes = { ...inner, parts: objectList("optional", inner, { doc }) };
  const prior: ObjectValue = { size: 1, version: 7, parts: [{ size: 1, version: 3 }] };

  test("stays while nothing changes", () => {
    expect(withVolatile(attributes, { ...prior }, prior)).toEqual(prior);
  });

  test("is unknown when anything else changes, at every depth", () => {
    expect(withVolatile(attributes, { ...prior, size: 2 }, prior)).toEqual({
      size: 2,
      version: unknown,
      parts: [{ size: 1, version: unknown }],
    });
  });

  test("stays what somebody planned it to be", () => {
    expect(withVolatile(attributes, { ...prior, version: 8 }, prior)).toMatchObject({ version: 8 });
  });
});

describe("replacement", () => {
  const replace = true;
  const attributes = {
    name: string("required", { doc, replace }),
    size: number("optional", { doc }),
    disk: object(
      "optional",
      { kind: string("optional", { doc, replace }), size: number("optional", { doc }) },
      { doc },
    ),
    zones: objectList("optional", { name: string("required", { doc, replace }) }, { doc }),
    tags: objectSet("optional", { name: string("required", { doc, replace }) }, { doc, replace }),
  };
  const prior: ObjectValue = {
    name: "a",
    size: 1,
    disk: { kind: "ssd", size: 1 },
    zones: [{ name: "z" }],
    tags: [{ name: "t" }],
  };

  test.each<[string, ObjectValue, unknown]>([
    ["is not asked for by other attributes", { ...prior, size: 2, disk: { kind: "ssd", size: 9 } }, []],
    ["names the attribute", { ...prior, name: "b" }, [["name"]]],
    ["is asked for by a value that is not known yet", { ...prior, name: unknown }, [["name"]]],
    ["names the nested attribute", { ...prior, disk: { kind: "hdd", size: 1 } }, [["disk", "kind"]]],
    ["is asked for when the object around it goes", { ...prior, disk: null }, [["disk", "kind"]]],
    ["names the element", { ...prior, zones: [{ name: "z" }, { name: "y" }] }, [["zones", 1, "name"]]],
    ["may be that of an object that is not known yet", { ...prior, zones: unknown }, [["zones", 0, "name"]]],
    ["names the set, whose elements have no name", { ...prior, tags: [{ name: "u" }] }, [["tags"]]],
  ])("%s", (_, planned, paths) => {
    expect(replacements(attributes, planned, prior)).toEqual(paths);
  });

  test("is asked for when an object may come that was not there", () => {
    const without = { ...prior, disk: null };
    expect(replacements(attributes, { ...without, disk: unknown }, without)).toEqual([["disk", "kind"]]);
  });
});
