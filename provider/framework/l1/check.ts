import { Token } from "cdktf";
import { z } from "zod";
import type { Attribute, Attributes, AttributeType, Primitive } from "../attribute";
import { mapValues } from "../conform";
import { elementType } from "../shape";
import { camel, isGiven } from "./props";

/**
 * What is wrong with the props of a construct, one line each: path, what was got, what is allowed. Tokens are not judged.
 *
 * @param props camelCase, as given; keys that no attribute has are problems too
 */
export function propsProblems(attributes: Attributes, props: object): string[] {
  const result = objectSchema(attributes).safeParse(props, { reportInput: true });
  const issues = result.success ? [] : result.error.issues.flatMap(innermost);
  return issues.map((issue) => describe(issue, hides({ kind: "object", attributes }, issue.path)));
}

function objectSchema(attributes: Attributes): z.ZodType {
  const given = Object.entries(attributes).filter(([, attribute]) => isGiven(attribute));
  return z.strictObject(
    Object.fromEntries(given.map(([name, attribute]) => [camel(name), attributeSchema(attribute)])),
  );
}

function attributeSchema({ type, mode, options }: Attribute): z.ZodType {
  const checked = typeSchema(type).superRefine((value, context) => {
    if (!options.check || hasToken(value)) return;
    const problem = options.check(snakeCase(type, value));
    if (problem !== undefined) context.addIssue({ code: "custom", message: problem });
  });
  return mode === "required" ? orToken(checked) : orToken(checked).optional();
}

function typeSchema(type: AttributeType): z.ZodType {
  switch (type.kind) {
    case "primitive":
      return primitives[type.primitive];
    case "object":
      return objectSchema(type.attributes);
    case "map":
    case "object-map":
      return z.record(z.string(), orToken(typeSchema(elementType(type))));
    default:
      return z.array(orToken(typeSchema(elementType(type))));
  }
}

const primitives = { string: z.string(), number: z.number(), bool: z.boolean() } satisfies Record<Primitive, z.ZodType>;

/** What holds a Token as a whole is fine: the provider checks it once Terraform knows its value. */
function orToken(schema: z.ZodType): z.ZodType {
  return z.union([z.custom((value) => Token.isUnresolved(value), { abort: true }), schema]);
}

function hasToken(value: unknown): boolean {
  if (Token.isUnresolved(value)) return true;
  return typeof value === "object" && value !== null && Object.values(value).some(hasToken);
}

/** Literal props as the checks of attributes see them. */
function snakeCase(type: AttributeType, value: unknown): unknown {
  if (typeof value !== "object" || value === null) return value;
  if (Array.isArray(value)) return value.map((one: unknown) => snakeCase(elementType(type), one));
  const record: Record<string, unknown> = { ...value };
  if (type.kind !== "object") return mapValues(record, (one) => snakeCase(elementType(type), one));
  return mapValues(type.attributes, (attribute, name) => snakeCase(attribute.type, record[camel(name)]));
}

/** The issues of the literal itself, which `orToken` has wrapped. */
function innermost(issue: z.core.$ZodIssue): z.core.$ZodIssue[] {
  if (issue.code !== "invalid_union") return [issue];
  const ofLiteral = issue.errors.at(-1) ?? [];
  return ofLiteral.map((one) => ({ ...one, path: [...issue.path, ...one.path] })).flatMap(innermost);
}

/** True when the value at this path, or one inside it, may be a secret. */
function hides(type: AttributeType, path: readonly PropertyKey[]): boolean {
  const [step, ...rest] = path;
  if (step === undefined) return "attributes" in type && Object.values(type.attributes).some(isHidden);
  if (type.kind !== "object") return hides(elementType(type), rest);
  const found = Object.entries(type.attributes).find(([name]) => camel(name) === step)?.[1];
  return found !== undefined && (isSecret(found) || hides(found.type, rest));
}

function isHidden(attribute: Attribute): boolean {
  return isSecret(attribute) || hides(attribute.type, []);
}

function isSecret({ options }: Attribute): boolean {
  return options.sensitive === true || options.writeOnly === true;
}

function describe(issue: z.core.$ZodIssue, hidden: boolean): string {
  const path = pathText(issue.path);
  if (issue.code === "unrecognized_keys") {
    const names = issue.keys.map((key) => `"${key}"`).join(", ");
    return `${path === "" ? "" : `${path}: `}there is no ${names}`;
  }
  if (issue.code !== "invalid_type") return `${path}: ${issue.message}`;
  const allowed = words[issue.expected] ?? issue.expected;
  if (issue.input === undefined) return `${path}: missing; it is required and ${allowed}`;
  return `${path}: got ${hidden ? "another kind of value" : got(issue.input)}, allowed is ${allowed}`;
}

const words: Readonly<Record<string, string>> = {
  string: "a text",
  number: "a number",
  boolean: "true or false",
  array: "a list",
  object: "an object",
  record: "a map",
};

function pathText(path: readonly PropertyKey[]): string {
  return path.reduce<string>((text, step) => {
    if (typeof step === "number") return `${text}[${step}]`;
    return text === "" ? String(step) : `${text}.${String(step)}`;
  }, "");
}

function got(input: unknown): string {
  if (typeof input === "object" && input !== null) return Array.isArray(input) ? "a list" : "an object";
  return typeof input === "number" ? String(input) : (JSON.stringify(input) ?? typeof input);
}
