/** Judges a proposed stack before Terraform sees it. */
import { isObject } from "../../report/difference";
import { canonical } from "../../report/provider-schema";
import { type Allowed, objectIn, ownConfiguration, ownSettings, type StackJson } from "./allowed";
import { callsIn, callsInExpression } from "./template";

/** Something that the base branch does not allow. */
export interface Refusal {
  /** Where it stands: "staging data.external.x". */
  readonly where: string;
  /** What is wrong, and what is allowed, in words. May hold texts of the pull request. */
  readonly text: string;
}

type Found = readonly [path: string, text: string];

/** Everything of a proposed stack that would make a plan run or read what the base does not; empty: it may be planned. */
export function refusalsOf(name: string, stack: StackJson, allowed: Allowed): readonly Refusal[] {
  const found = [
    ...sections(stack),
    ...terraformSettings(name, stack, allowed),
    ...providerConfigurations(name, stack, allowed),
    ...variables(stack, allowed),
    ...resources(stack, allowed),
    ...dataSources(stack, allowed),
    ...lessCommon(stack),
    ...texts(stack, allowed),
  ];
  return found.map(([path, text]) => ({ where: path === "" ? name : `${name} ${path}`, text }));
}

const SECTIONS = [
  "//",
  "terraform",
  "provider",
  "variable",
  "resource",
  "data",
  "locals",
  "output",
  "check",
  "import",
].concat(["moved", "removed"]);

/** `module` and `ephemeral` bring code of their own; what a later Terraform knows is not judged here. */
function sections(stack: StackJson): readonly Found[] {
  return Object.entries(stack).flatMap(([section, content]): readonly Found[] => {
    if (!SECTIONS.includes(section)) return [[section, `is no part of a stack here; allowed: ${list(SECTIONS)}`]];
    const isPlain = ["import", "moved", "removed"].includes(section) || isObject(content);
    return isPlain ? [] : [[section, "is to be one object, as CDKTF writes it"]];
  });
}

function terraformSettings(name: string, stack: StackJson, { base, providers, settings }: Allowed): readonly Found[] {
  const own = base.get(name);
  const given = ownSettings(stack, name);
  const required = isObject(stack.terraform) ? stack.terraform.required_providers : undefined;
  const isKnown = own === undefined ? settings.has(given) : given === ownSettings(own, name);
  return [
    ...(required === undefined || isObject(required)
      ? []
      : [["terraform.required_providers", "is to be one object, as CDKTF writes it"] as const]),
    ...Object.entries(objectIn(stack, "terraform", "required_providers")).flatMap(([local, one]): readonly Found[] =>
      providers.has(canonical(one))
        ? []
        : [[`terraform.required_providers.${local}`, `is ${canonical(one)}; allowed: ${list([...providers])}`]],
    ),
    ...(isKnown
      ? []
      : [
          [
            "terraform",
            "its settings, the backend or cloud among them, are to be those of the base branch; a new stack may have those of another under its own name",
          ] as const,
        ]),
  ];
}

function providerConfigurations(name: string, stack: StackJson, { configurations }: Allowed): readonly Found[] {
  return Object.entries(objectIn(stack, "provider")).flatMap((one): readonly Found[] =>
    configurations.has(ownConfiguration(one, name))
      ? []
      : [
          [
            `provider.${one[0]}`,
            "is configured otherwise than on the base branch: address, owner and all else are to stay",
          ],
        ],
  );
}

function variables(stack: StackJson, { variables: known }: Allowed): readonly Found[] {
  return Object.entries(objectIn(stack, "variable")).flatMap((one): readonly Found[] =>
    known.has(canonical(one))
      ? []
      : [
          [
            `variable.${one[0]}`,
            "is no variable of the base branch: it would be given a value of the run's environment",
          ],
        ],
  );
}

/** Bodies of a section of two levels, by address. What is not written so is told by `shapes`. */
const bodies = (
  stack: StackJson,
  section: "resource" | "data",
): readonly (readonly [type: string, path: string, body: unknown])[] =>
  Object.entries(objectIn(stack, section)).flatMap(([type, named]) =>
    isObject(named)
      ? Object.entries(named).map(([label, body]) => [type, `${section}.${type}.${label}`, body] as const)
      : [[type, `${section}.${type}`, named] as const],
  );

function resources(stack: StackJson, allowed: Allowed): readonly Found[] {
  return bodies(stack, "resource").flatMap(([type, path, body]): readonly Found[] => {
    if (!isObject(body)) return [[path, "is to be one object, as CDKTF writes it"]];
    return [
      ...ofProvider(type, path, body, stack),
      ...["provisioner", "connection"].flatMap((block): readonly Found[] =>
        Object.hasOwn(body, block) ? [[`${path}.${block}`, "runs a program; none is allowed"]] : [],
      ),
      ...(type === "fly_secrets" ? secretSources(path, body, allowed) : []),
    ];
  });
}

function dataSources(stack: StackJson, { dataSources: known }: Allowed): readonly Found[] {
  return bodies(stack, "data").flatMap(([type, path, body]): readonly Found[] => {
    if (!known.has(type))
      return [[path, `is a data source of a type that is not read here; allowed: ${list([...known])}`]];
    if (!isObject(body)) return [[path, "is to be one object, as CDKTF writes it"]];
    const { endpoint } = body;
    // The provider follows a whole address to wherever it leads, and hands its token to who answers there.
    const isElsewhere = type === "github_rest_api" && !/^(repos|orgs)\//.test(String(endpoint));
    return [
      ...ofProvider(type, path, body, stack),
      ...(isElsewhere
        ? [[`${path}.endpoint`, "is to begin with repos/ or orgs/, and not with an expression"] as const]
        : []),
    ];
  });
}

/** Terraform fetches a provider that nobody asked for by name when a type's name begins with it. */
function ofProvider(type: string, path: string, body: StackJson, stack: StackJson): readonly Found[] {
  const required = [...Object.keys(objectIn(stack, "terraform", "required_providers")), "terraform"];
  const named = body.provider === undefined ? [] : [String(body.provider).split(".")[0] ?? ""];
  return [type.split("_")[0] ?? "", ...named].flatMap((provider): readonly Found[] =>
    required.includes(provider) ? [] : [[path, `is of provider ${provider}; this stack has: ${list(required)}`]],
  );
}

/** Programs and files are read by our own provider, and while it plans. */
function secretSources(path: string, { sources }: StackJson, { secretSources: known }: Allowed): readonly Found[] {
  if (sources === undefined) return [];
  if (!isObject(sources)) return [[`${path}.sources`, "is to be written out, not computed"]];
  return Object.entries(sources).flatMap(([secret, source]): readonly Found[] =>
    known.has(canonical(source)) || isEnvVars(source)
      ? []
      : [
          [
            `${path}.sources.${secret}`,
            "is to be env vars by their names; a program or a file may only stay as it is on the base branch",
          ],
        ],
  );
}

const isEnvVars = (source: unknown): boolean =>
  isObject(source) &&
  Object.keys(source).every((key) => key === "env") &&
  Array.isArray(source.env) &&
  source.env.every((name) => typeof name === "string" && /^\w+$/.test(name));

/** What stands outside resources and can hold data sources, programs, or addresses with expressions in them. */
function lessCommon(stack: StackJson): readonly Found[] {
  const checks = Object.entries(objectIn(stack, "check")).flatMap(([name, body]): readonly Found[] =>
    isObject(body) && !Object.hasOwn(body, "data")
      ? []
      : [[`check.${name}`, "is to be one object without a data source of its own"]],
  );
  const removed = canonical(stack.removed ?? null);
  return [
    ...checks,
    ...(/"(provisioner|connection)":/.test(removed) ? [["removed", "runs a program; none is allowed"] as const] : []),
  ];
}

/** Keys whose texts Terraform takes for expressions without any marker. */
const EXPRESSIONS = new Set(["to", "from", "replace_triggered_by", "depends_on", "ignore_changes", "provider"]);

function texts(value: unknown, allowed: Allowed, path: readonly string[] = []): readonly Found[] {
  if (typeof value === "string") return text(value, allowed, path);
  if (Array.isArray(value)) return value.flatMap((one, index) => texts(one, allowed, [...path, String(index)]));
  if (!isObject(value)) return [];
  return Object.entries(value).flatMap(([key, inner]) => [
    ...text(key, allowed, [...path, "(key)"]),
    ...texts(inner, allowed, [...path, key]),
  ]);
}

function text(given: string, { texts: known, functions }: Allowed, path: readonly string[]): readonly Found[] {
  if (known.has(given)) return [];
  const where = path.join(".");
  if (given.includes("\0")) return [[where, "holds a character that no text has"]];
  const isExpression = given.includes("(") && path.some((key) => EXPRESSIONS.has(key));
  const readings = [callsIn(given), isExpression ? callsInExpression(given) : []];
  const calls = readings.every((one) => one !== undefined) ? readings.flat() : undefined;
  if (calls === undefined) {
    return [
      [where, "holds an expression that cannot be judged: a comment, an escaped marker, or a function of a provider"],
    ];
  }
  const foreign = [...new Set(calls)].filter((name) => !functions.has(name));
  if (foreign.length === 0) return [];
  return [[where, `calls ${list(foreign)}; allowed are functions that read nothing: ${list([...functions])}`]];
}

const list = (names: readonly string[]): string => names.join(", ");
