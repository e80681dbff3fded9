import { type Expression, format, literal } from "./expression";

/** The secrets of a repository or of one of its environments: names alone, never a value. */
export interface SecretReference {
  /** "owner/name" */
  readonly repository: string;
  /** Absent: the repository's own. */
  readonly environment?: string;
  /** Names that have to be there; one that ends in `*` allows every name that begins so. */
  readonly names: readonly string[];
  /** The answer of `GET …/actions/secrets` or `GET …/environments/{name}/secrets`. */
  readonly live: Expression;
}

/** Findings about secrets that are missing or that nobody declared: a map of object to text. */
export function secretFindings({ repository, environment, names, live }: SecretReference): Expression[] {
  const prefix = environment === undefined ? "secret/" : `secret/${environment}/`;
  const where = `--repo ${repository}${environment === undefined ? "" : ` --env ${environment}`}`;
  const single = names.filter((name) => !name.endsWith("*"));
  const found = `try(${live}.secrets[*].name, [])`;
  const fits = `length([for name in ${literal([...names])} : name if name == one || (endswith(name, "*") && startswith(one, trimsuffix(name, "*")))])`;
  return [
    `{ for one in ${literal(single)} : ${format(`${prefix}%s`, "one")} => ${format(`is missing; give it a value: gh secret set %s ${where}`, "one")} if !contains(${found}, one) }`,
    `{ for one in ${found} : ${format(`${prefix}%s`, "one")} => ${format(`nobody declared it; declare it in config/repository.ts, or remove it: gh secret delete %s ${where}`, "one")} if ${fits} == 0 }`,
  ];
}

/** Names of the secrets that are older than `days`, with the prefix of their environment. */
export function oldSecrets({ environment, live }: SecretReference, days: number): Expression {
  const prefix = environment === undefined ? "" : `${environment}/`;
  const isOld = `timecmp(timeadd(one.updated_at, "${days * 24}h"), plantimestamp()) < 0`;
  return `[for one in try(${live}.secrets, []) : ${format(`${prefix}%s`, "one.name")} if ${isOld}]`;
}
