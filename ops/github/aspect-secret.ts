import type { Secret } from "../../api/github";
import { problemsOf } from "../secrets/verify";
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
  const remove = (name: string) => `gh secret delete ${name}${option}`;
  const store = {
    name: "GitHub",
    declared,
    live: live.map(({ name, updated_at }) => ({ name, changedAt: updated_at })),
    rotationDays,
    set: (name: string) => `gh secret set ${name}${option}`,
    remove,
  };
  return problemsOf(store, now).map(({ name, problem, text, days }): Observation => {
    const object = `secret/${at}${name}`;
    if (problem === "missing") return { ...missing(object, text), left: true };
    if (problem === "undeclared") return undeclared(object, "", remove(name));
    return { kind: "field", object, field: "age_days", text, left: true, is: days };
  });
}
