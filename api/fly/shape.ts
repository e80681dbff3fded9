/**
 * Light checks of what comes in at the door: the outline that the rest of the program relies on, never the whole schema,
 * so that a new field or value of Fly's breaks nothing.
 */
export type Shape<T> = (body: unknown) => body is T;

type Kind = "string" | "number" | "boolean" | "object" | "array";

/** An object whose named fields are there and of that kind; all else is let through. */
export const record =
  <T>(fields: Readonly<Partial<Record<keyof T & string, Kind>>>): Shape<T> =>
  (body): body is T =>
    isRecord(body) && Object.entries<Kind | undefined>(fields).every(([name, kind]) => isKind(body[name], kind));

/** An array of such things. */
export const arrayOf =
  <T>(one: Shape<T>): Shape<readonly T[]> =>
  (body): body is readonly T[] =>
    Array.isArray(body) && body.every((item) => one(item));

/** An object that holds such a thing under a name. */
export const under =
  <K extends string, T>(name: K, one: Shape<T>): Shape<Readonly<Record<K, T>>> =>
  (body): body is Readonly<Record<K, T>> =>
    isRecord(body) && one(body[name]);

/** What Fly answers does not matter, as long as it is JSON or nothing at all. */
export const anything: Shape<unknown> = (body): body is unknown => body !== undefined;

export function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function isKind(value: unknown, kind: Kind | undefined): boolean {
  if (kind === "array") return Array.isArray(value);
  if (kind === "object") return isRecord(value);
  return typeof value === kind;
}

/** A text beside what the shape told of; undefined when it is absent or empty. */
export function textIn(body: unknown, name: string): string | undefined {
  const value = isRecord(body) ? body[name] : undefined;
  return typeof value === "string" && value !== "" ? value : undefined;
}

/** A list of texts beside what the shape told of. */
export function textsIn(body: unknown, name: string): readonly string[] {
  const value = isRecord(body) ? body[name] : undefined;
  return Array.isArray(value) ? value.filter((one) => typeof one === "string") : [];
}
