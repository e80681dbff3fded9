/**
 * What of a plan can hurt: told before everything else. Judged by what Terraform would do to what is there (before -> after), whatever the
 * reason for it is.
 */
import { isObject } from "./difference";
import { harmless } from "./harmless";
import type { PlanJson, ResourceChange } from "./plan-json";
import { portrait } from "./portrait";

/** In the order in which they are told. */
const kinds = ["data loss", "destroy", "replace", "protection", "exposure", "secret reach", "downtime"] as const;

type DangerKind = (typeof kinds)[number];

export interface Danger {
  readonly kind: DangerKind;
  /** Terraform address. */
  readonly address: string;
  /** What happens, in words. */
  readonly text: string;
}

/** Every danger of a plan, the worst first. */
export function dangersOf(plan: PlanJson): readonly Danger[] {
  const changes = plan.resource_changes.filter(({ mode, type }) => mode === "managed" && !harmlessTypes.has(type));
  const found = changes.flatMap((change) => ofChange(change, plan));
  return [...found].sort((a, b) => kinds.indexOf(a.kind) - kinds.indexOf(b.kind));
}

/** Resources that hold nothing: to destroy one destroys nothing. */
const harmlessTypes = new Set(["terraform_data", "null_resource", "fly_app_inventory"]);

interface Sides {
  readonly before: Values;
  readonly after: Values;
}
type Values = Readonly<Record<string, unknown>>;

/** What an update of this type can do: kind and words of each danger in it. */
type Judge = (sides: Sides) => readonly (readonly [DangerKind, string])[];

function ofChange({ address, type, change }: ResourceChange, plan: PlanJson): readonly Danger[] {
  const told = (kind: DangerKind, text: string): Danger => ({ kind, address, text: harmless(text) });
  const { actions } = change;
  const [before, after] = [valuesOf(change.before), valuesOf(change.after)];
  if (actions.includes("delete")) {
    const what = portrait(type, change.before) || address;
    const loses = dataOf(type, before);
    const verb = actions.includes("create") ? "replace" : "destroy";
    const words = verb === "replace" ? "is destroyed and made anew" : "is destroyed";
    return [told(verb, `${what} ${words}`), ...(loses ? [told("data loss", `${what}: ${loses}`)] : [])];
  }
  if (actions.includes("create")) {
    return isNew(type, plan) ? [] : (whenMade[type]?.({ before, after }) ?? []).map(([kind, text]) => told(kind, text));
  }
  if (!actions.includes("update")) return [];
  return (whenUpdated[type]?.({ before, after }) ?? []).map(([kind, text]) => told(kind, text));
}

/** Whether the thing that this belongs to is made by the same plan: then nothing is there that it could hurt. */
function isNew(type: string, plan: PlanJson): boolean {
  const owner = type.startsWith("fly_") ? "fly_app" : "github_repository_environment";
  return plan.resource_changes.some((one) => one.type === owner && one.change.actions.includes("create"));
}

function dataOf(type: string, before: Values): string | undefined {
  if (type === "fly_volume") return "its data is gone";
  if (type === "fly_app") return "its volumes, secrets and addresses go with it";
  if (type === "fly_process_group" && before.mount) return "the volumes of its machines are left without them";
  if (type === "fly_secrets") return "its secrets are removed";
  if (type === "github_repository") return "code, issues and history are gone";
  return undefined;
}

const whenMade: Readonly<Record<string, Judge>> = {
  fly_ip_address: ({ after }) =>
    after.type === "private_v6" ? [] : [["exposure", `the app gets a public ${String(after.type)} address`]],
  github_repository_environment_deployment_policy: ({ after }) => [
    [
      "secret reach",
      `jobs of ${String(after.branch_pattern || after.tag_pattern)} reach the secrets of ${String(after.environment)}`,
    ],
  ],
};

const whenUpdated: Readonly<Record<string, Judge>> = {
  fly_app: (sides) => turnedOff(sides, "deletion_protection", "a plan may destroy the app from now on"),
  fly_secrets: ({ before, after }) =>
    lost(keysOf(before.sources), keysOf(after.sources)).map((name) => ["data loss", `secret ${name} is removed`]),
  fly_process_group: (sides) => [...exposure(sides), ...downtime(sides), ...mounts(sides)],
  github_repository: ({ before, after }) => [
    ...(after.visibility === "public" && before.visibility !== "public"
      ? [["exposure", "the repository becomes public"] as const]
      : []),
    ...turnedOff({ before, after }, "vulnerability_alerts", "alerts about vulnerable dependencies are off"),
    ...statuses(before).flatMap((name) =>
      statuses(after).includes(name) ? [] : [["protection", `${name.replaceAll("_", " ")} is turned off`] as const],
    ),
  ],
  github_repository_ruleset: ruleset,
  github_branch_protection: ({ before, after }) => [
    ...["enforce_admins", "required_linear_history", "require_conversation_resolution"].flatMap((name) =>
      turnedOff({ before, after }, name, `${name.replaceAll("_", " ")} is off`),
    ),
    ...["allows_deletions", "allows_force_pushes"].flatMap((name) =>
      after[name] === true && before[name] !== true
        ? [["protection", `the branch ${name.replaceAll("_", " ")}`] as const]
        : [],
    ),
    ...lost(
      texts(first(before.required_status_checks).contexts),
      texts(first(after.required_status_checks).contexts),
    ).map((name) => ["protection", `check ${name} is no longer required`] as const),
  ],
  github_repository_environment: ({ before, after }) => [
    ...(reviewers(after) < reviewers(before)
      ? [["protection", "fewer may have to approve: reviewers are taken away"] as const]
      : []),
    ...(after.can_admins_bypass === true && before.can_admins_bypass === false
      ? [["protection", "administrators may go past the approval"] as const]
      : []),
    ...(listOf(before.deployment_branch_policy).length > 0 && listOf(after.deployment_branch_policy).length === 0
      ? [["secret reach", "jobs of every branch reach its secrets"] as const]
      : []),
  ],
  github_actions_repository_permissions: ({ before, after }) =>
    after.allowed_actions === "all" && before.allowed_actions !== "all"
      ? [["secret reach", "workflows may use any action"]]
      : [],
  github_workflow_repository_permissions: ({ before, after }) => [
    ...(after.default_workflow_permissions === "write" && before.default_workflow_permissions !== "write"
      ? [["secret reach", "the token of every job may write"] as const]
      : []),
    ...(after.can_approve_pull_request_reviews === true && before.can_approve_pull_request_reviews !== true
      ? [["protection", "jobs may approve pull requests"] as const]
      : []),
  ],
};

function ruleset({ before, after }: Sides): ReturnType<Judge> {
  const [was, is] = [first(before.rules), first(after.rules)];
  const [wasPull, isPull] = [first(was.pull_request), first(is.pull_request)];
  const checks = (rules: Values) =>
    listOf(first(rules.required_status_checks).required_check).map((check) => String(valuesOf(check).context));
  const actors = (side: Values) => listOf(side.bypass_actors).map((actor) => JSON.stringify(valuesOf(actor)));
  const name = String(after.name ?? before.name);
  const booleans = [
    "deletion",
    "non_fast_forward",
    "required_linear_history",
    "required_signatures",
    "update",
    "creation",
  ];
  return [
    ...(before.enforcement === "active" && after.enforcement !== "active"
      ? [["protection", `ruleset ${name} is ${String(after.enforcement)}`] as const]
      : []),
    ...booleans.flatMap((rule) =>
      turnedOff({ before: was, after: is }, rule, `rule ${rule} of ruleset ${name} is gone`),
    ),
    ...lost(checks(was), checks(is)).map((check) => ["protection", `check ${check} is no longer required`] as const),
    ...(Number(isPull.required_approving_review_count ?? 0) < Number(wasPull.required_approving_review_count ?? 0)
      ? [["protection", "fewer approvals are required"] as const]
      : []),
    ...["require_code_owner_review", "required_review_thread_resolution", "dismiss_stale_reviews_on_push"].flatMap(
      (rule) => turnedOff({ before: wasPull, after: isPull }, rule, `${rule.replaceAll("_", " ")} is off`),
    ),
    ...lost(actors(after), actors(before)).map(
      () => ["protection", `ruleset ${name} gets one more who may bypass it`] as const,
    ),
  ];
}

/** A public port that was not there, or one without TLS any more. */
function exposure({ before, after }: Sides): ReturnType<Judge> {
  const ports = ({ services }: Values) =>
    listOf(services).flatMap((service) => listOf(valuesOf(service).ports).map((port) => valuesOf(port)));
  const numbers = (side: Values) => ports(side).map(({ port }) => String(port));
  const plain = (side: Values) =>
    ports(side)
      .filter(({ force_https }) => force_https !== true && force_https !== undefined)
      .map(({ port }) => String(port));
  return [
    ...lost(numbers(after), numbers(before)).map((port) => ["exposure", `port ${port} becomes public`] as const),
    ...lost(plain(after), plain(before))
      .filter((port) => numbers(before).includes(port))
      .map((port) => ["exposure", `port ${port} no longer redirects to HTTPS`] as const),
  ];
}

function downtime({ before, after }: Sides): ReturnType<Judge> {
  const least = ({ machines }: Values) =>
    Object.values(valuesOf(machines)).reduce<number>(
      (all, region) => all + Number(valuesOf(region).count ?? valuesOf(region).min ?? 0),
      0,
    );
  const most = ({ machines }: Values) =>
    Object.values(valuesOf(machines)).reduce<number>(
      (all, region) => all + Number(valuesOf(region).count ?? valuesOf(region).max ?? 0),
      0,
    );
  const checks = ({ services, checks: own }: Values) =>
    listOf(services).reduce<number>(
      (all, service) => all + listOf(valuesOf(service).checks).length,
      keysOf(own).length,
    );
  const awake = ({ services }: Values) =>
    Math.max(0, ...listOf(services).map((service) => Number(valuesOf(service).min_machines_running ?? 0)));
  return [
    ...(least(after) < least(before) || most(after) < most(before)
      ? [
          [
            "downtime",
            `fewer machines: ${least(before)} to ${most(before)} become ${least(after)} to ${most(after)}`,
          ] as const,
        ]
      : []),
    ...(checks(after) < checks(before)
      ? [["downtime", "a health check goes: a machine that does not answer gets traffic"] as const]
      : []),
    ...(awake(after) < awake(before)
      ? [["downtime", `only ${awake(after)} stay awake, ${awake(before)} do now`] as const]
      : []),
    ...(after.strategy === "immediate" && !sameApartFrom({ before, after }, ["strategy"])
      ? [["downtime", "all machines change at once, without waiting for health"] as const]
      : []),
  ];
}

function mounts({ before, after }: Sides): ReturnType<Judge> {
  return before.mount && !after.mount ? [["data loss", "its machines lose their volumes"]] : [];
}

function turnedOff({ before, after }: Sides, name: string, text: string): readonly (readonly [DangerKind, string])[] {
  return before[name] === true && after[name] !== true ? [["protection", text]] : [];
}

const sameApartFrom = ({ before, after }: Sides, names: readonly string[]): boolean =>
  keysOf({ ...before, ...after }).every(
    (name) => names.includes(name) || JSON.stringify(before[name] ?? null) === JSON.stringify(after[name] ?? null),
  );

/** Names of the security settings that are on. */
function statuses(repository: Values): readonly string[] {
  return Object.entries(first(repository.security_and_analysis)).flatMap(([name, value]) =>
    first(value).status === "enabled" ? [name] : [],
  );
}

const reviewers = (environment: Values): number =>
  listOf(environment.reviewers).reduce<number>(
    (all, one) => all + listOf(valuesOf(one).users).length + listOf(valuesOf(one).teams).length,
    0,
  );

const valuesOf = (value: unknown): Values => (isObject(value) ? value : {});
const listOf = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : []);
/** A block that stands at most once: Terraform shows it as a list. */
const first = (value: unknown): Values => valuesOf(Array.isArray(value) ? value[0] : value);
const keysOf = (value: unknown): readonly string[] => Object.keys(valuesOf(value));
const texts = (value: unknown): readonly string[] => listOf(value).map(String);
/** What is in the first and not in the second. */
const lost = (from: readonly string[], to: readonly string[]): readonly string[] =>
  from.filter((one) => !to.includes(one));
