/**
 * What a proposal may hold: what the base branch's own stacks hold, and the little that our constructs use besides. It is the one place where
 * that is decided.
 *
 * A plan runs providers, data sources and functions. Whoever brings one of his own reads with it what the review can read: the environment of
 * the run, its files, its tokens. So none of these comes from the pull request. What only says how resources are to be is free.
 */
import { isObject } from "../../report/difference";
import { canonical } from "../../report/provider-schema";

/** A synthesized stack, by its name, as JSON. */
export type StackJson = Readonly<Record<string, unknown>>;

export interface Allowed {
  /** The base's own stacks, by name. */
  readonly base: ReadonlyMap<string, StackJson>;
  /** Entries of `required_providers`: source and version, canonical. */
  readonly providers: ReadonlySet<string>;
  /** Configurations of providers, each with its stack's name written as `OWN_NAME`, canonical. */
  readonly configurations: ReadonlySet<string>;
  /** Settings of Terraform besides the providers, the backend among them, written in the same way. */
  readonly settings: ReadonlySet<string>;
  /** Variables with their names, canonical. */
  readonly variables: ReadonlySet<string>;
  readonly dataSources: ReadonlySet<string>;
  readonly functions: ReadonlySet<string>;
  /** Sources of secrets, canonical. */
  readonly secretSources: ReadonlySet<string>;
  /** Every text of the base: what it does, the base does already. */
  readonly texts: ReadonlySet<string>;
}

/** Stands for the name of the stack, where a setting holds it. */
const OWN_NAME = "\u0000";

/** What a plan of the base runs, and what our constructs may bring with a new declaration. */
export function allowedBy(base: ReadonlyMap<string, StackJson>): Allowed {
  const stacks = [...base];
  const sets = (of: (stack: StackJson, name: string) => readonly string[]) =>
    new Set(stacks.flatMap(([name, stack]) => of(stack, name)));
  return {
    base,
    providers: sets((stack) => Object.values(objectIn(stack, "terraform", "required_providers")).map(canonical)),
    configurations: sets((stack, name) =>
      Object.entries(objectIn(stack, "provider")).map((one) => ownConfiguration(one, name)),
    ),
    settings: sets((stack, name) => [ownSettings(stack, name)]),
    variables: sets((stack) => Object.entries(objectIn(stack, "variable")).map(canonical)),
    dataSources: new Set([...sets((stack) => Object.keys(objectIn(stack, "data"))), ...OUR_DATA_SOURCES]),
    functions: new Set(OUR_FUNCTIONS),
    secretSources: sets((stack) =>
      Object.values(objectIn(stack, "resource", "fly_secrets")).flatMap((one) =>
        Object.values(objectIn(one, "sources")).map(canonical),
      ),
    ),
    texts: sets((stack) => textsIn(stack)),
  };
}

/** Data sources of the GitHub constructs: they read the repository, with the token that the plan has anyway. */
const OUR_DATA_SOURCES = [
  "github_branch_protection_rules",
  "github_organization",
  "github_repository",
  "github_repository_webhooks",
  "github_rest_api",
] as const;

/**
 * Functions of the drift gates, whose results follow from their arguments and the time. None that reads a file, that makes a template out of a
 * value, or that takes the mark off a sensitive one.
 */
const OUR_FUNCTIONS = [
  ..."can coalesce coalescelist compact concat contains distinct element endswith flatten format formatlist join jsondecode".split(
    " ",
  ),
  ..."jsonencode keys length lookup lower max merge min one plantimestamp regex regexall replace setsubtract setunion".split(
    " ",
  ),
  ..."slice sort split startswith substr timeadd timecmp timestamp tobool tolist tomap tonumber toset tostring".split(
    " ",
  ),
  ..."trim trimprefix trimspace trimsuffix try upper values zipmap".split(" "),
];

/** A provider's configuration; `stack` of ours says whose objects it makes. */
export function ownConfiguration([provider, given]: readonly [string, unknown], name: string): string {
  const own = (one: unknown) => (isObject(one) && one.stack === name ? { ...one, stack: OWN_NAME } : one);
  return canonical([provider, Array.isArray(given) ? given.map(own) : own(given)]);
}

/** Terraform's settings without the providers, canonical, with `OWN_NAME` in the key of the state. */
export function ownSettings(stack: StackJson, name: string): string {
  const { required_providers: _judgedApart, ...settings } = objectIn(stack, "terraform");
  const spelled = new Map([
    ["path", `.${name}.`],
    ["schema_name", `_${name.replaceAll("-", "_")}`],
    ["key", `/${name}.`],
    ["name", `-${name}`],
  ]);
  const own = (key: string, value: unknown): unknown => {
    const part = spelled.get(key);
    return typeof value === "string" && part !== undefined ? value.replace(part, OWN_NAME) : value;
  };
  return canonical(JSON.parse(JSON.stringify(settings, own)));
}

/** The object at a path; an empty one where there is none. */
export function objectIn(value: unknown, ...path: readonly string[]): Readonly<Record<string, unknown>> {
  const found = path.reduce<unknown>(
    (inner, key) => (isObject(inner) && Object.hasOwn(inner, key) ? inner[key] : undefined),
    value,
  );
  return isObject(found) ? found : {};
}

/** Every text in a value. Keys are texts too: Terraform takes each for a template. */
function textsIn(value: unknown): readonly string[] {
  if (typeof value === "string") return [value];
  if (Array.isArray(value)) return value.flatMap(textsIn);
  return isObject(value) ? Object.entries(value).flatMap(([key, inner]) => [key, ...textsIn(inner)]) : [];
}
