import { parseDuration } from "./duration";

/** "60s" and "1m0s" are one duration. */
export function sameDuration(a: string, b: string): boolean {
  const ns = parseDuration(a);
  return a === b || (ns !== undefined && ns === parseDuration(b));
}

/** The same elements in whatever order: handlers of a port, for one. */
export function sameSet(a: readonly string[], b: readonly string[]): boolean {
  return JSON.stringify([...new Set(a)].sort()) === JSON.stringify([...new Set(b)].sort());
}

/** HTTP methods and header names have no case. */
export function sameWord(a: string, b: string): boolean {
  return a.toLowerCase() === b.toLowerCase();
}

/** A header of a check as the schema has it. */
interface Header {
  readonly name?: string;
  readonly values?: readonly string[];
}

/** Headers have no order and their names no case. */
export function sameHeaders(a: readonly Header[], b: readonly Header[]): boolean {
  const normal = (headers: readonly Header[]) =>
    headers.map(({ name = "", values = [] }) => JSON.stringify([name.toLowerCase(), values])).sort();
  return JSON.stringify(normal(a)) === JSON.stringify(normal(b));
}
