import fc from "fast-check";
import type {
  Attribute,
  AttributeOptions,
  Attributes,
  AttributeType,
  Mode,
  Primitive,
} from "../../../provider/framework/attribute";
import { elementType } from "../../../provider/framework/shape";
import { unknown, type Value } from "../../../provider/plugin/value";

const names = ["a", "b_1", "name", "size_gb"] as const;
const keys = fc.constantFrom("web", "worker", "constructor", "__proto__", "ß", "");

/** Attributes of every mode, type and option that a declaration may have, some nested. */
export function attributes(depth = 2, insideSet = false): fc.Arbitrary<Attributes> {
  return fc
    .uniqueArray(fc.constantFrom(...names), { minLength: 1, maxLength: 4 })
    .chain((chosen) => fc.tuple(...chosen.map((name) => fc.tuple(fc.constant(name), attribute(depth, insideSet)))))
    .map((entries) => Object.fromEntries(entries));
}

function attribute(depth: number, insideSet: boolean): fc.Arbitrary<Attribute> {
  const mode = fc.constantFrom<Mode>("required", "optional", "computed", "optional+computed");
  return fc
    .tuple(mode, attributeType(depth, insideSet))
    .chain(([mode, type]) => options(mode, type, insideSet).map((options) => ({ mode, type, options })));
}

function attributeType(depth: number, insideSet: boolean): fc.Arbitrary<AttributeType> {
  const primitive = fc.constantFrom<Primitive>("string", "number", "bool");
  const flat = fc.oneof(
    { weight: 3, arbitrary: primitive.map((primitive): AttributeType => ({ kind: "primitive", primitive })) },
    fc.record({ kind: fc.constantFrom("list" as const, "set" as const, "map" as const), element: primitive }),
  );
  if (depth === 0) return flat;
  const nested = fc
    .constantFrom("object" as const, "object-list" as const, "object-set" as const, "object-map" as const)
    .chain((kind) =>
      attributes(depth - 1, insideSet || kind === "object-set").map((attributes) => ({ kind, attributes })),
    );
  return fc.oneof({ weight: 2, arbitrary: flat }, nested);
}

function options(mode: Mode, type: AttributeType, insideSet: boolean): fc.Arbitrary<AttributeOptions<unknown>> {
  const base: fc.Arbitrary<AttributeOptions<never>> = fc.record({
    doc: fc.constant("An attribute."),
    replace: fc.boolean(),
    ...(type.kind === "primitive" && type.primitive === "string" && { equal: fc.constantFrom(undefined, sameLetters) }),
  });
  const standard = fc.oneof(
    fc.constant<Value>(null),
    known(type, "config"),
    fc.constant(() => null),
  );
  const more: fc.Arbitrary<Partial<AttributeOptions<never>>> =
    mode === "computed"
      ? fc.oneof(fc.record({ default: standard }), fc.record({ volatile: fc.boolean() }))
      : mode === "optional+computed"
        ? fc.oneof(
            fc.record({ default: standard }),
            fc.constant({ keep: true }),
            fc.record({ keep: fc.constant(true), default: standard }),
          )
        : fc.record({ writeOnly: fc.boolean().map((yes) => yes && !insideSet) });
  return fc.tuple(base, more).map(([a, b]) => ({ ...a, ...b }) as AttributeOptions<unknown>);
}

function sameLetters(a: string, b: string): boolean {
  return a.toLowerCase() === b.toLowerCase();
}

/** A configuration of these attributes; `"maybe unknown"` strews unknown values in. */
export function configuration(
  attributes: Attributes,
  knowledge: "known" | "maybe unknown",
): fc.Arbitrary<Record<string, Value>> {
  return objectOf(attributes, knowledge === "known" ? "config" : "unsure");
}

/** A state of these attributes as a refresh could leave it. */
export function state(attributes: Attributes): fc.Arbitrary<Record<string, Value>> {
  return objectOf(attributes, "state");
}

/** A configuration in which what was unknown has been decided. */
export function decided(attributes: Attributes, config: Value): fc.Arbitrary<Record<string, Value>> {
  return fc
    .tuple(
      ...Object.entries(attributes).map(([name, attribute]) => {
        const value = own(config, name);
        return fc.tuple(fc.constant(name), decide(attribute.type, value, attribute, "config"));
      }),
    )
    .map((entries) => Object.fromEntries(entries));
}

/** The state after an apply of this plan: unknown values have become anything. */
export function applied(attributes: Attributes, planned: Value): fc.Arbitrary<Record<string, Value>> {
  return fc
    .tuple(
      ...Object.entries(attributes).map(([name, attribute]) =>
        fc.tuple(fc.constant(name), decide(attribute.type, own(planned, name), attribute, "state")),
      ),
    )
    .map((entries) => Object.fromEntries(entries));
}

type Kind = "config" | "unsure" | "state";

function decide(
  type: AttributeType,
  value: Value,
  attribute: Attribute | undefined,
  kind: "config" | "state",
): fc.Arbitrary<Value> {
  if (value === unknown) return attribute ? attributeValue(attribute, kind) : known(type, kind);
  if (value === null || typeof value !== "object") return fc.constant(value);
  if (type.kind === "object")
    return kind === "config" ? decided(type.attributes, value) : applied(type.attributes, value);
  const inside = (one: Value) => decide(elementType(type), one, undefined, kind);
  if (isArray(value)) return value.length === 0 ? fc.constant([]) : fc.tuple(...value.map(inside));
  const entries = Object.entries(value);
  if (entries.length === 0) return fc.constant({});
  return fc
    .tuple(...entries.map(([key, one]) => fc.tuple(fc.constant(key), inside(one))))
    .map((all) => Object.fromEntries(all));
}

function objectOf(attributes: Attributes, kind: Kind): fc.Arbitrary<Record<string, Value>> {
  const entries = Object.entries(attributes).map(([name, one]) =>
    fc.tuple(fc.constant(name), attributeValue(one, kind)),
  );
  return fc.tuple(...entries).map((all) => Object.fromEntries(all));
}

function attributeValue({ mode, type, options }: Attribute, kind: Kind): fc.Arbitrary<Value> {
  const absent = fc.constant<Value>(null);
  if (kind === "state")
    return options.writeOnly ? absent : mode === "required" ? known(type, kind) : fc.oneof(absent, known(type, kind));
  if (mode === "computed") return absent;
  const given =
    kind === "unsure"
      ? fc.oneof({ weight: 4, arbitrary: known(type, kind) }, fc.constant<Value>(unknown))
      : known(type, kind);
  return mode === "required" ? given : fc.oneof(absent, given);
}

function known(type: AttributeType, kind: Kind): fc.Arbitrary<Value> {
  const element = () =>
    kind === "unsure"
      ? fc.oneof({ weight: 6, arbitrary: known(elementType(type), kind) }, fc.constant<Value>(unknown))
      : known(elementType(type), kind);
  switch (type.kind) {
    case "primitive":
      return primitive(type.primitive);
    case "object":
      return objectOf(type.attributes, kind);
    case "set":
      return fc.uniqueArray(primitive(type.element), { maxLength: 3 });
    case "object-set":
      return fc.uniqueArray(objectOf(type.attributes, kind), { maxLength: 3, selector: (one) => JSON.stringify(one) });
    case "map":
    case "object-map":
      return fc.dictionary(keys, element(), { maxKeys: 3 });
    default:
      return fc.array(element(), { maxLength: 3 });
  }
}

function primitive(name: Primitive): fc.Arbitrary<Value> {
  if (name === "string") return fc.constantFrom("", "a", "A", "60s", "ß", "1");
  return name === "bool" ? fc.boolean() : fc.constantFrom(0, 1, -1, 256, 0.1, 0.5, 1e15);
}

function isArray(value: Value): value is readonly Value[] {
  return Array.isArray(value);
}

function own(value: Value, name: string): Value {
  return typeof value === "object" && value !== null && !isArray(value) ? (value[name] ?? null) : null;
}
