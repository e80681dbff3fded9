import type { Secret } from "../../api/github";
import { missing, type Observation, undeclared } from "./observation";

export interface SecretQuestion {
  /** Names that have to be there; one that ends in `*` allows every name that begins so. */
  readonly declared: readonly string[];
  readonly live: readonly Secret[];
  /** GitHub environment; undefined: the repository's own secrets. */
  readonly environment: string | undefined;
  readonly rotationDays: number;
  /** Unix ms. */
  readonly now: number;
}

/** Which secrets are missing, undeclared, or older than they may become. Values cannot be read. */
export function secretObservations(question: SecretQuestion): readonly Observation[] {
  const { declared, live, environment, rotationDays, now } = question;
  const at = environment === undefined ? "" : `${environment}/`;
  const option = environment === undefined ? "" : ` --env ${environment}`;
  const object = (name: string) => `secret/${at}${name}`;
  const names = new Set(live.map(({ name }) => name));
  return [
    ...declared
      .filter((name) => !name.endsWith("*") && !names.has(name))
      .map((name) => ({
        ...missing(object(name), `is missing; give it: gh secret set ${name}${option}`),
        left: true,
      })),
    ...live
      .filter(({ name }) => !declared.some((one) => fits(one, name)))
      .map(({ name }) => undeclared(object(name), "", `gh secret delete ${name}${option}`)),
    ...live.flatMap(({ name, updated_at }) => {
      const days = Math.floor((now - Date.parse(updated_at)) / DAY_MS);
      if (days <= rotationDays) return [];
      const text = `is ${days} days old, and ${rotationDays} are allowed; make a new value: gh secret set ${name}${option}`;
      return [{ kind: "field" as const, object: object(name), field: "age_days", text, left: true, is: days }];
    }),
  ];
}

const DAY_MS = 24 * 60 * 60 * 1000;

const fits = (declared: string, name: string): boolean =>
  declared.endsWith("*") ? name.startsWith(declared.slice(0, -1)) : declared === name;
