import fc from "fast-check";
import { parsePlan } from "../../report/plan-json";
import { schemasOf } from "../../report/provider-schema";
import { compare } from "./compare";
import { normalChanges } from "./normal";
import { type Reviewed, sealed } from "./record";

const schemas = schemasOf(
  JSON.stringify({
    provider_schemas: {
      any: {
        resource_schemas: {
          shop: {
            block: {
              attributes: {
                tags: { type: ["set", "string"] },
                steps: { type: ["list", "string"] },
                name: { type: "string" },
              },
              block_types: {
                rule: {
                  nesting_mode: "set",
                  block: { attributes: { id: { type: "number" }, on: { type: ["set", "string"] } } },
                },
              },
            },
          },
        },
      },
    },
  }),
);

interface Sides {
  readonly before?: object | null;
  readonly after?: object | null;
  readonly unknown?: object;
  readonly sensitive?: object;
  readonly actions?: readonly string[];
}

const resource = (
  name: string,
  { before = null, after = null, unknown = {}, sensitive = {}, actions = ["update"] }: Sides,
) => ({
  address: `shop.${name}`,
  mode: "managed",
  type: "shop",
  change: { actions, before, after, after_unknown: unknown, before_sensitive: sensitive, after_sensitive: sensitive },
});

const changesOf = (resources: readonly object[], more: object = {}) =>
  normalChanges(parsePlan(JSON.stringify({ format_version: "1.2", resource_changes: resources, ...more })), schemas);

const recordOf = (resources: readonly object[]): Reviewed => ({
  version: 1,
  commit: null,
  stacks: {
    staging: sealed({
      configuration: {},
      state: { lineage: "l", serial: 7 },
      changes: JSON.parse(JSON.stringify(changesOf(resources))),
      besides: [],
    }),
  },
});

interface Shop {
  readonly tags: readonly string[];
  readonly steps: readonly string[];
  readonly rules: readonly { readonly id: number; readonly on: readonly string[] }[];
}

const shops = fc.array(
  fc.record<Shop>({
    tags: fc.uniqueArray(fc.string()),
    steps: fc.array(fc.string(), { minLength: 1 }),
    rules: fc.uniqueArray(fc.record({ id: fc.nat(), on: fc.uniqueArray(fc.string()) }), { selector: ({ id }) => id }),
  }),
  { minLength: 1, maxLength: 5 },
);

/** The same list in another order, which `at` decides. */
const shuffled = <T>(list: readonly T[], at: number): readonly T[] =>
  list
    .map((one, index) => ({ one, key: ((index + 1) * (at + 7919)) % 104_729 }))
    .sort((a, b) => a.key - b.key)
    .map(({ one }) => one);

/** The plan of these shops, as Terraform might write it another time. */
const planned = (all: readonly Shop[], at: number) =>
  shuffled(
    all.map(({ tags, steps, rules }, index) => {
      const rule = shuffled(rules, at).map(({ id, on }) => (at % 2 ? { on: shuffled(on, at), id } : { id, on }));
      const after = Object.fromEntries(shuffled(Object.entries({ tags: shuffled(tags, at), steps, rule }), at));
      return resource(`s${index}`, { before: { steps: [] }, after });
    }),
    at,
  );

test("a plan that only stands in another order is no change", () => {
  fc.assert(
    fc.property(shops, fc.nat(100_000), fc.nat(100_000), (all, one, two) => {
      expect(compare(recordOf(planned(all, one)), recordOf(planned(all, two)))).toEqual([]);
    }),
    { numRuns: 100 },
  );
});

test("one other byte of intent is a change, whatever the order", () => {
  fc.assert(
    fc.property(shops, fc.nat(100_000), (all, at) => {
      const [first, ...rest] = all;
      if (!first) return;
      const other = [{ ...first, steps: [`${first.steps[0]}x`, ...first.steps.slice(1)] }, ...rest];
      expect(compare(recordOf(planned(all, 0)), recordOf(planned(other, at)))).not.toEqual([]);
    }),
    { numRuns: 100 },
  );
});

test.each<[string, Sides, string]>([
  ["another value", { after: { name: "c" } }, 'name: reviewed "a" -> "b", now "a" -> "c"'],
  [
    "another order of a list",
    { after: { name: "b", steps: ["2", "1"] } },
    'steps[0]: reviewed not set -> "1", now not set -> "2"',
  ],
  [
    "another action",
    { actions: ["delete", "create"], after: { name: "b", steps: ["1", "2"] } },
    "reviewed update, now replace",
  ],
  [
    "a value that is known only later",
    { after: { steps: ["1", "2"] }, unknown: { name: true } },
    'name: reviewed "a" -> "b", now "a" -> (known after apply)',
  ],
  [
    "an empty list in place of none",
    { after: { name: "b", steps: ["1", "2"], tags: [] } },
    "tags: reviewed nothing, now not set -> []",
  ],
])("names address, what was reviewed and what it is now: %s", (_what, now, text) => {
  const was = { before: { name: "a" }, after: { name: "b", steps: ["1", "2"] } };
  const moved = compare(recordOf([resource("s", was)]), recordOf([resource("s", { ...was, ...now })]));
  expect(moved[0]).toMatchObject({ stack: "staging", what: "change", where: "shop.s", text });
});

test("the time of the plan is no intent", () => {
  const at = (timestamp: string) => changesOf([resource("s", { after: { name: timestamp } })], { timestamp });
  expect(at("2026-11-21T18:58:23Z")).toEqual(at("2026-11-21T18:58:31Z"));
  expect(at("2026-11-21T18:58:23Z")).not.toEqual(changesOf([resource("s", { after: { name: "never" } })]));
});

test("neither a sensitive value nor its copies without a mark are in the record, and texts from outside are harmless", () => {
  const secret = "canary-secret";
  const values = { name: secret, steps: [`https://user:${secret}@host`], tags: ["\u001b[31mred"] };
  const changes = changesOf([resource("s", { before: null, after: values, sensitive: { name: true } })], {
    variables: { pin: { value: "9" }, key: { value: "canary-variable" } },
    configuration: { root_module: { variables: { pin: { sensitive: true }, key: { sensitive: true } } } },
    output_changes: {
      url: {
        actions: ["create"],
        before: null,
        after: "9",
        after_unknown: false,
        before_sensitive: false,
        after_sensitive: false,
      },
      key: {
        actions: ["create"],
        before: null,
        after: "x canary-variable",
        after_unknown: false,
        before_sensitive: false,
        after_sensitive: false,
      },
    },
  });
  expect(JSON.stringify(changes)).not.toMatch(/canary|"9"/);
  const moved = compare(recordOf([]), recordOf([resource("\u001b[2J", { after: values })]));
  expect(JSON.stringify(moved)).not.toContain("\\u001b");
});
