/** Where Fly and the configuration differ, leaf by leaf, with what the last apply left. */

/** One value as the last apply left it, as it is on Fly, and as it is wanted. undefined: not there; null counts as not there. */
export interface Values {
  readonly applied: unknown;
  readonly live: unknown;
  readonly wanted: unknown;
}

export interface Difference extends Values {
  /** Attribute names, list indexes and map keys, outermost first. */
  readonly path: readonly (string | number)[];
}

/**
 * The smallest values of which `live` and `wanted` differ. Objects are compared key by key; lists of one length index by index; lists of
 * different lengths by membership, so that one element more is one difference and not a shift of all that follow.
 */
export function differences(values: Values, path: Difference["path"] = []): readonly Difference[] {
  const { applied, live, wanted } = values;
  if (same(live, wanted)) return [];
  if (Array.isArray(live) && Array.isArray(wanted)) {
    return listDifferences({ applied: Array.isArray(applied) ? applied : [], live, wanted }, path);
  }
  if (isObject(live) && isObject(wanted)) {
    const keys = [...new Set([...Object.keys(live), ...Object.keys(wanted)])];
    const before = isObject(applied) ? applied : {};
    return keys.flatMap((key) =>
      differences({ applied: before[key], live: live[key], wanted: wanted[key] }, [...path, key]),
    );
  }
  return [{ path, ...values }];
}

/** Equal as JSON; null, absent, and an empty list, map or object are alike, as Fly has it. */
export function same(a: unknown, b: unknown): boolean {
  if (isEmpty(a) && isEmpty(b)) return true;
  if (Array.isArray(a) && Array.isArray(b)) {
    return a.length === b.length && a.every((one, index) => same(one, b[index]));
  }
  if (isObject(a) && isObject(b)) {
    return [...new Set([...Object.keys(a), ...Object.keys(b)])].every((key) => same(a[key], b[key]));
  }
  return a === b;
}

/** `guest.memory_mb`, `services[0].ports[1].port`, `env["a.b"]`. */
export const pathText = (path: Difference["path"]): string =>
  path
    .map((part, index) => {
      if (typeof part === "number") return `[${part}]`;
      if (!/^[A-Za-z0-9_-]+$/.test(part)) return `[${JSON.stringify(part)}]`;
      return index === 0 ? part : `.${part}`;
    })
    .join("");

/** An object with keys, not a list and not null. */
export const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === "object" && value !== null && !Array.isArray(value);

const isEmpty = (value: unknown): boolean =>
  value === null ||
  value === undefined ||
  (Array.isArray(value) && value.length === 0) ||
  (isObject(value) && Object.keys(value).length === 0);

type Lists = { readonly [K in keyof Values]: readonly unknown[] };

function listDifferences({ applied, live, wanted }: Lists, path: Difference["path"]): readonly Difference[] {
  if (live.length === wanted.length && applied.length === live.length) {
    return live.flatMap((one, index) =>
      differences({ applied: applied[index], live: one, wanted: wanted[index] }, [...path, index]),
    );
  }
  const lacking = (value: unknown, list: readonly unknown[]) => !list.some((one) => same(one, value));
  const before = (value: unknown) => (lacking(value, applied) ? undefined : value);
  return [
    ...live.flatMap((value, index) =>
      lacking(value, wanted)
        ? [{ path: [...path, index], applied: before(value), live: value, wanted: undefined }]
        : [],
    ),
    ...wanted.flatMap((value, index) =>
      lacking(value, live) ? [{ path: [...path, index], applied: before(value), live: undefined, wanted: value }] : [],
    ),
  ];
}
