/** Reads a live app that nobody declares and says it in our words; whatever cannot be said is named with a reason and a next step. */
import type { Fly } from "../../api/fly";
import type { AppShape } from "../../config/app-shape";
import { isSecretName } from "../../config/secret-name";
import { conformObject } from "../../provider/framework/conform";
import type { ObjectValue } from "../../provider/plugin/value";
import { removalCommand } from "../../provider/resources/app-inventory/removal";
import { type Holding, survey, undeclared } from "../../provider/resources/app-inventory/survey";
import { attributes as groupAttributes } from "../../provider/resources/process-group/attributes";
import { Failure } from "../failure";
import { appShape } from "./app-shape";
import { type LiveApp, type LiveGroup, readLiveApp } from "./live-app";
import { type Override, overridden, overridesTo } from "./override";
import { declaredAddresses, inventory, type Part, partsOf, sourceName } from "./part";
import { permitted } from "./permitted";
import { type Guarded, holdsSecret, withoutPrivateValues } from "./private-value";
import { attributesOf, openRehearsal, type Rehearsal } from "./rehearsal";

/** Something live for which there are no words. */
export interface Unsaid {
  /** What it is, such as "group web, machine app-1 (148e…)" or "volume/vol_4xk1". */
  readonly object: string;
  readonly reason: string;
  /** What to do about it, where it can be typed as a command. */
  readonly next: string;
}

/** A live app in our words. */
export interface AdoptedApp {
  readonly shape: AppShape;
  readonly organization: string;
  readonly parts: readonly Part[];
  /** What the construct has no word for, by the handle of its resource. */
  readonly overrides: readonly (Override & { readonly handle: string })[];
  /** Names of the secrets, and the env var that each is read from. */
  readonly secrets: readonly { readonly name: string; readonly env: string }[];
  readonly unsaid: readonly Unsaid[];
  /** What the provider warns of while it reads. */
  readonly warnings: readonly string[];
}

/**
 * The app in our words; undefined: Fly knows none of that name.
 *
 * @param options.stack name of the Terraform state that is to own it
 * @throws Failure when nothing runs in it, so that there is nothing to say
 */
export async function adoptApp(
  fly: Fly,
  name: string,
  { stack, now }: { readonly stack: string; now(): number },
): Promise<AdoptedApp | undefined> {
  const rehearsal = openRehearsal(fly, { stack, now });
  const live = await readLiveApp(rehearsal, name);
  if (!live) return undefined;
  if (live.groups.size === 0) {
    throw new Failure(
      `App ${name} has no machine of a process group, so that nothing says what is to run. Deploy it first, or declare it by hand: a FlyApp needs at least one group. Nothing was written. [infra/adopt-empty]`,
    );
  }
  const guarded = new Map([...live.groups].map(([group, { values }]) => [group, withoutPrivateValues(values)]));
  const wanted = appShape(live, new Map([...guarded].map(([group, one]) => [group, one.group])));
  const { shape, problems } = permitted(wanted);
  const parts = partsOf(shape, live, { stack });
  // The inventory is judged by what it would name, see `leftOver`.
  const judged = parts.filter(({ type }) => type !== inventory);
  const rehearsed = await Promise.all(judged.map((part) => rehearse(part, { rehearsal, live, guarded })));
  return {
    shape,
    organization: live.app.organization.slug,
    parts,
    overrides: rehearsed.flatMap(({ overrides }) => overrides),
    secrets: Object.keys(shape.secrets ?? {}).map((secret) => ({ name: secret, env: sourceName(stack, secret) })),
    unsaid: [
      ...problems.map(({ path, text, id }) => ({
        object: path,
        reason: `${text} [${id}]`,
        next: "Change it on Fly, and adopt again with --force.",
      })),
      ...[...guarded].flatMap(([group, { hidden }]) => hidden.map((path) => privateValue(name, group, path))),
      ...rehearsed.flatMap(({ unsaid }) => unsaid),
      ...[...live.groups].flatMap(([group, one]) => apart(name, group, one)),
      ...(await leftOver(rehearsal, shape, live, now())),
    ],
    warnings: [...live.groups.values()].flatMap(({ imported }) => imported.warnings),
  };
}

interface Scene {
  readonly rehearsal: Rehearsal;
  readonly live: LiveApp;
  readonly guarded: ReadonlyMap<string, Guarded>;
}

interface RehearsedPart {
  readonly overrides: AdoptedApp["overrides"];
  readonly unsaid: readonly Unsaid[];
}

/** Plans the import of one resource, adds overrides until the plan is empty, and names what is left. */
async function rehearse(part: Part, { rehearsal, live, guarded }: Scene): Promise<RehearsedPart> {
  const { type, id, handle } = part;
  const group = type === "fly_process_group" ? id.slice(id.indexOf("/") + 1) : undefined;
  const imported = group === undefined ? await rehearsal.import(type, id) : live.groups.get(group)?.imported;
  if (!imported) return { overrides: [], unsaid: [unreadable(part)] };
  const guard = group === undefined ? undefined : guarded.get(group);
  const attributes = attributesOf(type);
  const goal = guard ? conformObject(groupAttributes, guard.group).value : imported.values;
  const config = withSecretsVersion(part.config, imported.values);
  const planned = await rehearsal.plan(type, config, imported);
  const names = planned.changed.filter((one) => !judgedByTheWhole.includes(one));
  const found = [
    ...overridesTo(goal, planned.planned, { attributes, config, names }),
    ...imageOverride(config, imported.values, planned.changed),
  ].filter(({ value }) => !holdsSecret(value));
  const last = found.length > 0 ? await rehearsal.plan(type, overridden(attributes, config, found), imported) : planned;
  const left = last.changed.filter((one) => !guard?.attributes.has(one) && one !== "divergence");
  // Where something else changes, the instructions of the configuration come with it.
  const own = left.filter((one) => !instructions.includes(one));
  const told = guard && guard.attributes.size > 0 ? own : own.length > 0 ? own : left;
  const hasDivergence = last.changed.includes("divergence");
  return {
    overrides: found.map((one) => ({ ...one, handle })),
    unsaid: [
      ...last.refusals.map((reason) => ({ object: nameOf(part), reason, next: "Change it on Fly, and adopt again." })),
      ...(hasDivergence && own.length === 0 ? [] : told.map((one) => unspeakable(part, one))),
    ],
  };
}

/** They are planned together with what an import cannot know, see the provider. */
const judgedByTheWhole = ["image", "initial_image", "divergence", "id"];
const instructions = ["strategy", "max_unavailable", "wait_timeout", "machines", "image", "initial_image"];

/** The construct hands on the version of the app's secrets as Terraform knows it; of imported ones it is what the machines have. */
const withSecretsVersion = (config: ObjectValue, live: ObjectValue): ObjectValue =>
  "secrets_version" in config ? { ...config, secrets_version: live.secrets_version ?? null } : config;

/** A group that runs another pinned image than the first one. */
function imageOverride({ image = null }: ObjectValue, live: ObjectValue, changed: readonly string[]): Override[] {
  const other = live.image;
  return typeof image === "string" && typeof other === "string" && changed.includes("image")
    ? [{ path: "image", value: other }]
    : [];
}

/** What makes machines of one group differ, or is not known here; each by machine or region, in the provider's words. */
function apart(app: string, group: string, { values: { divergence = {} } }: LiveGroup): readonly Unsaid[] {
  return Object.entries(divergence).map(([where, reason]) => {
    const [, machine] = /\(([0-9a-z]+)\)$/.exec(where) ?? [];
    const next = machine
      ? `An apply makes it like its group. To keep it: fly machine update ${machine} --app ${app} --metadata fly_process_group=<another group>, and adopt again.`
      : "An apply brings it about; to keep it as it is, change it in the file.";
    return { object: `group ${group}, ${where}`, reason, next };
  });
}

/** What the app holds and the shape does not declare. */
async function leftOver(
  { reader }: Rehearsal,
  shape: AppShape,
  live: LiveApp,
  now: number,
): Promise<readonly Unsaid[]> {
  const { name } = live.app;
  const declared = {
    addresses: declaredAddresses(shape, live).map(({ ip }) => ip),
    certificates: [...live.certificates],
    groups: Object.keys(shape.groups),
    secrets: Object.keys(shape.secrets ?? {}),
    volumes: Object.values(shape.groups).flatMap(({ mount }) => (mount ? [mount.name] : [])),
    policy: {},
    ignore: [],
  };
  return undeclared((await survey(reader, name)) ?? [], declared, now).map((one) => {
    const object = `${one.kind}/${one.name}`;
    const keep =
      one.kind === "machine"
        ? `Give it a group: fly machine update ${one.name} --app ${name} --metadata fly_process_group=<group>, and adopt again. `
        : "";
    return {
      object,
      reason: [one.words, ...why(one)].join("; "),
      next: `${keep}Remove it: ${removalCommand(name, one)}. Or let it be for a while: ignore: [{ object: "${object}", reason, until }].`,
    };
  });
}

/** What the words of the inventory do not say. */
function why({ kind, name }: Holding): readonly string[] {
  switch (kind) {
    case "address":
      return ["an app declares one address of a type, and none for egress"];
    case "group":
      return ["a group of that name cannot be declared"];
    case "secret":
      return isSecretName(name) ? [] : ["names of secrets are capitals, digits and underscores here"];
    case "volume":
      return ["no process group mounts volumes of that name"];
    default:
      return [];
  }
}

const privateValue = (app: string, group: string, path: string): Unsaid => ({
  object: `group ${group}, ${path}`,
  reason: "may hold a private value, which is written into no file; an apply would take it from the machines",
  next: path.startsWith("env.")
    ? `Make it a secret: fly secrets set ${path.slice(4)}=... --app ${app}, take the variable away, and revoke the value if it was shared.`
    : "If it is none, add it to the file by hand; else make it a secret and revoke it.",
});

const nameOf = ({ type, id }: Part): string => `${type} ${id}`;

const unreadable = (part: Part): Unsaid => ({
  object: nameOf(part),
  reason: "was there when the app was listed and is gone",
  next: "Adopt again.",
});

const unspeakable = (part: Part, attribute: string): Unsaid => ({
  object: nameOf(part),
  reason: `the plan would change ${attribute}, for which a FlyApp has no words`,
  next: "Say it with the L1 constructs (import { fly }), or change it on Fly and adopt again.",
});
