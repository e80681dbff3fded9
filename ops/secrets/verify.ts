/** Which secrets are there, which are missing, undeclared or too old: names and times, never a value. */

/** Where secrets are kept, what is declared for it, and what is there. */
export interface SecretStore {
  /** "Fly hot-dash", "GitHub hotdash/hotdash", "GitHub environment production". */
  readonly name: string;
  /** Names that have to be there; one that ends in `*` allows every name that begins so. */
  readonly declared: readonly string[];
  readonly live: readonly { readonly name: string; readonly changedAt: string | undefined }[];
  readonly rotationDays: number;
  /** How one is given a new value, as something to type. */
  readonly set: (name: string) => string;
  /** How one is removed. */
  readonly remove: (name: string) => string;
}

export interface SecretProblem {
  readonly store: string;
  readonly name: string;
  readonly problem: "missing" | "undeclared" | "over age";
  readonly text: string;
  /** Age, where that is the problem. */
  readonly days?: number;
}

const dayMs = 86_400_000;

/** Whether a name is one of these, or fits one that ends in `*`. */
export const isDeclared = (name: string, declared: readonly string[]): boolean =>
  declared.some((one) => (one.endsWith("*") ? name.startsWith(one.slice(0, -1)) : one === name));

/** Days since a time, whole ones; undefined: nobody knows. `now`: Unix ms. */
export const daysSince = (time: string | undefined, now: number): number | undefined =>
  time === undefined ? undefined : Math.floor((now - Date.parse(time)) / dayMs);

/** What is wrong in a store; pure. `now`: Unix ms. */
export function problemsOf(
  { name: store, declared, live, rotationDays, set, remove }: SecretStore,
  now: number,
): readonly SecretProblem[] {
  const names = live.map(({ name }) => name);
  return [
    ...declared
      .filter((name) => !name.endsWith("*") && !names.includes(name))
      .map((name) => ({ store, name, problem: "missing" as const, text: `is missing; give it: ${set(name)}` })),
    ...names
      .filter((name) => !isDeclared(name, declared))
      .map((name) => ({
        store,
        name,
        problem: "undeclared" as const,
        text: `nobody declared it; declare it, or remove it: ${remove(name)}`,
      })),
    ...live.flatMap(({ name, changedAt }): SecretProblem[] => {
      const days = daysSince(changedAt, now) ?? 0;
      if (days <= rotationDays) return [];
      const text = `is ${days} days old, and ${rotationDays} are allowed; make a new value: ${set(name)}`;
      return [{ store, name, problem: "over age", text, days }];
    }),
  ];
}
