/** Values as TypeScript literals, laid out as a formatter would: on one line where it fits, else one entry a line. */

const width = 120;

/**
 * The source text of a value made of plain data. What is undefined is left out.
 *
 * @param indent spaces before the line that it ends on
 * @param used characters that stand before it on its first line
 */
export function literal(value: unknown, indent = 0, used = indent): string {
  const inline = inlined(value);
  // One more for the comma or bracket behind it.
  const fits = used + inline.length + 1 <= width && !isBroken(value);
  if (fits || typeof value !== "object" || value === null) return inline;
  const inner = indent + 2;
  const pad = " ".repeat(inner);
  const [open, close] = Array.isArray(value) ? "[]" : "{}";
  const lines = entriesOf(value).map(([name, one]) => `${pad}${name}${literal(one, inner, inner + name.length)},`);
  return `${open}\n${lines.join("\n")}\n${" ".repeat(indent)}${close}`;
}

/** A source text that stands for itself, such as `pinned("nginx")`. */
export class Source {
  constructor(readonly text: string) {}
}

/** A property access: `.web`, or `["my-group"]` for what is no identifier. */
export const member = (name: string): string => (isIdentifier(name) ? `.${name}` : `[${JSON.stringify(name)}]`);

/** A formatter gives each of several objects a line of its own, where each has several entries. */
function isBroken(value: unknown): boolean {
  if (value instanceof Source || typeof value !== "object" || value === null) return false;
  const inside = entriesOf(value).map(([, one]) => one);
  const isLong = (one: unknown) => typeof one === "object" && one !== null && entriesOf(one).length > 1;
  return (Array.isArray(value) && value.length > 1 && inside.every(isLong)) || inside.some(isBroken);
}

function inlined(value: unknown): string {
  if (value instanceof Source) return value.text;
  if (typeof value !== "object" || value === null) return JSON.stringify(value) ?? "undefined";
  const entries = entriesOf(value).map(([name, one]) => `${name}${inlined(one)}`);
  if (Array.isArray(value)) return `[${entries.join(", ")}]`;
  return entries.length === 0 ? "{}" : `{ ${entries.join(", ")} }`;
}

/** Prefix and value of each element: `name: ` in objects, nothing in lists. */
function entriesOf(value: object): readonly (readonly [string, unknown])[] {
  if (Array.isArray(value)) return value.map((one: unknown) => ["", one] as const);
  return Object.entries(value)
    .filter(([, one]) => one !== undefined)
    .map(([name, one]) => [`${keyOf(name)}: `, one] as const);
}

/** Bare or in quotes, `__proto__` would set the prototype. */
function keyOf(name: string): string {
  if (name === "__proto__") return '["__proto__"]';
  return isIdentifier(name) ? name : JSON.stringify(name);
}

const isIdentifier = (name: string): boolean => /^[A-Za-z_$][\w$]*$/.test(name);
