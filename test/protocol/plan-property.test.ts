import fc from "fast-check";
import type { Attributes } from "../../provider/framework/attribute";
import { planObject, replacements, withVolatile } from "../../provider/framework/plan";
import { contradictions } from "../../provider/framework/schema";
import { sameObject } from "../../provider/framework/shape";
import { respell, settle } from "../../provider/framework/spelling";
import { isList, isObject, type ObjectValue, type Value, whollyKnown } from "../../provider/plugin/value";
import { applied, attributes, configuration, decided, state } from "./support/arbitrary";
import { completionFaults, planFaults } from "./support/plan-valid";

/** A schema, what was there before (null: nothing), a configuration with unknowns, that configuration once decided. */
const scenario = attributes().chain((schema) =>
  fc.tuple(fc.option(state(schema)), configuration(schema, "maybe unknown")).chain(([prior, config]) =>
    fc.record({
      schema: fc.constant(schema),
      prior: fc.constant(prior),
      config: fc.constant(config),
      final: decided(schema, config),
    }),
  ),
);

function plan(schema: Attributes, config: ObjectValue, prior: ObjectValue | null): ObjectValue {
  const planned = planObject(schema, config, prior);
  return prior ? withVolatile(schema, planned, prior) : planned;
}

/** Elements of a set that mean the same once defaults are filled in collapse into one; a set cannot hold that. */
function collapses(value: Value): boolean {
  if (isList(value)) {
    const texts = value.map((one) => JSON.stringify(one, (_, v: unknown) => (typeof v === "symbol" ? "?" : v)));
    return (isObject(value[0] ?? null) && new Set(texts).size < texts.length) || value.some(collapses);
  }
  return isObject(value) && Object.values(value).some(collapses);
}

describe("the attribute plan, for any schema and any values", () => {
  const runs = { numRuns: 1500 };

  test("declares no contradiction in what it is tried with", () => {
    fc.assert(fc.property(attributes(), (schema) => expect(contradictions(schema)).toEqual([])));
  });

  test("is a plan that Terraform accepts", () => {
    fc.assert(
      fc.property(scenario, ({ schema, prior, config, final }) => {
        for (const one of [config, final]) {
          expect(planFaults(schema, prior, one, plan(schema, one, prior))).toEqual([]);
        }
      }),
      runs,
    );
  });

  test("changes nothing that it had promised once the unknown is decided", () => {
    fc.assert(
      fc.property(scenario, ({ schema, prior, config, final }) => {
        const [first, second] = [plan(schema, config, prior), plan(schema, final, prior)];
        fc.pre(!collapses(first) && !collapses(second));
        expect(completionFaults(schema, first, second)).toEqual([]);
      }),
      runs,
    );
  });

  test("is empty after its own apply", () => {
    const afterwards = scenario.chain(({ schema, prior, final }) => {
      const planned = plan(schema, final, prior);
      return fc.record({
        schema: fc.constant(schema),
        final: fc.constant(final),
        planned: fc.constant(planned),
        after: applied(schema, planned),
      });
    });
    fc.assert(
      fc.property(afterwards, ({ schema, final, planned, after }) => {
        fc.pre(!collapses(planned) && !collapses(after));
        const again = plan(schema, final, after);
        expect(again).toEqual(after);
        expect(sameObject(schema, again, after)).toBe(true);
        expect(replacements(schema, again, after)).toEqual([]);
      }),
      runs,
    );
  });

  test("is kept by the state after an apply, whatever the handler returns", () => {
    const outcome = scenario.chain(({ schema, prior, final }) =>
      fc.record({
        schema: fc.constant(schema),
        planned: fc.constant(plan(schema, final, prior)),
        actual: state(schema),
      }),
    );
    fc.assert(
      fc.property(outcome, ({ schema, planned, actual }) => {
        const { state } = settle(schema, planned, actual);
        expect(completionFaults(schema, planned, state)).toEqual([]);
        expect(whollyKnown(state)).toBe(true);
      }),
      runs,
    );
  });

  test("finds nothing to say about a reading that is the state", () => {
    const same = attributes().chain((schema) => fc.record({ schema: fc.constant(schema), before: state(schema) }));
    fc.assert(
      fc.property(same, ({ schema, before }) => expect(respell(schema, before, before)).toEqual(before)),
      runs,
    );
  });
});
