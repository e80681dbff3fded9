/** OpenAPI's schemas as JSON Schema, strict about members that GitHub does not name. */

/** A JSON value that is not looked into yet. */
export type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json | undefined };

/** An object's entries; of anything else none. */
export const asRecord = (value: Json | undefined): { readonly [key: string]: Json | undefined } =>
  typeof value === "object" && value !== null && !Array.isArray(value)
    ? (value as { readonly [key: string]: Json | undefined })
    : {};

/** The same entries, each changed. */
export const eachOf = (value: Json | undefined, change: (one: Json) => Json) =>
  Object.fromEntries(Object.entries(asRecord(value)).map(([key, one]) => [key, change(one ?? null)]));

/** Words of OpenAPI that are none of JSON Schema go away, and `nullable` becomes a null that the schema allows. */
export function clean(value: Json): Json {
  if (Array.isArray(value)) return value.map(clean);
  if (typeof value !== "object" || value === null) return value;
  const { nullable, ...rest } = asRecord(value);
  const entries = Object.entries(rest).filter(([key, one]) => !isProse(key, one));
  const schema = Object.fromEntries(entries.map(([key, one]) => [key, clean(one ?? null)]));
  return nullable === true ? withNull(schema) : schema;
}

/** Only texts: a property of an object may have one of these names too. */
const isProse = (key: string, value: Json | undefined): boolean =>
  (key === "description" && typeof value === "string") || key === "example" || key === "examples";

function withNull(schema: { readonly [key: string]: Json | undefined }): Json {
  const { type, enum: allowed } = schema;
  if (typeof type !== "string" || schema.allOf || schema.anyOf || schema.oneOf) {
    return { anyOf: [schema, { type: "null" }] };
  }
  return { ...schema, type: [type, "null"], ...(Array.isArray(allowed) && { enum: [...allowed, null] }) };
}

/**
 * Takes no member that the schema does not name: a client could come to rely on it. Parts of an `allOf` stay open (they are
 * under `open` of the components), and so does what is made of them: no part knows the members of the others.
 */
export function close(schema: Json): Json {
  if (Array.isArray(schema)) return schema.map(close);
  if (typeof schema !== "object" || schema === null) return schema;
  const { properties, allOf, ...rest } = asRecord(schema);
  const isWhole = properties !== undefined && allOf === undefined && rest.additionalProperties === undefined;
  return {
    ...eachOf(rest, close),
    ...(properties !== undefined && { properties: eachOf(properties, close) }),
    ...(allOf !== undefined && { allOf: opened(allOf) }),
    ...(isWhole && { additionalProperties: false }),
  };
}

const opened = (parts: Json): Json =>
  JSON.parse(JSON.stringify(parts).replaceAll("#/components/schemas/", "#/components/open/"));
