/** Reads a live app that nobody declares and says it in our words; whatever cannot be said is named with a reason and a next step. */
import type { Fly } from "../../api/fly";
import type { AppShape } from "../../config/app-shape";
import { conformObject } from "../../provider/framework/conform";
import type { ObjectValue } from "../../provider/plugin/value";
import { attributes as groupAttributes } from "../../provider/resources/process-group/attributes";
import { Failure } from "../failure";
import { appShape } from "./app-shape";
import { type LiveApp, readLiveApp } from "./live-app";
import { type Override, overridden, overridesTo } from "./override";
import { inventory, type Part, partsOf, sourceName } from "./part";
import { permitted } from "./permitted";
import { type Guarded, holdsSecret, withoutPrivateValues } from "./private-value";
import { attributesOf, type Imported, openRehearsal, type Rehearsal } from "./rehearsal";
import { apart, leftOver, nameOf, privateValue, type Unsaid, unreadable, unspeakable } from "./unsaid";

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
  const goal = guard ? conformObject(groupAttributes, guard.group).value : imported.values;
  const config = withSecretsVersion(part.config, imported.values);
  const { found, last } = await search({ type, config, goal, imported }, rehearsal);
  const left = last.changed.filter((one) => !guard?.attributes.has(one) && one !== "divergence");
  // Where something else changes, the instructions of the configuration come with it.
  const own = left.filter((one) => !instructions.includes(one));
  const told = guard && guard.attributes.size > 0 ? own : own.length > 0 ? own : left;
  const isTold = last.refusals.length > 0 || (last.changed.includes("divergence") && own.length === 0);
  return {
    overrides: found.map((one) => ({ ...one, handle })),
    unsaid: [
      ...last.refusals.map((reason) => ({ object: nameOf(part), reason, next: "Change it on Fly, and adopt again." })),
      ...(isTold ? [] : told.map((one) => unspeakable(part, one))),
    ],
  };
}

interface Search {
  readonly type: string;
  readonly config: ObjectValue;
  readonly goal: ObjectValue;
  readonly imported: Imported;
}

/** Overrides until the plan is empty or no override brings it nearer: one may change what goes without saying beside it. */
async function search({ type, config, goal, imported }: Search, rehearsal: Rehearsal) {
  const attributes = attributesOf(type);
  const found = new Map<string, Override>();
  for (let round = 1; ; round++) {
    const current = overridden(attributes, config, [...found.values()]);
    const last = await rehearsal.plan(type, current, imported);
    const names = last.changed.filter((one) => !judgedByTheWhole.includes(one));
    const more = [
      ...overridesTo(goal, last.planned, { attributes, config: current, names }),
      ...imageOverride(current, imported.values, last.changed),
    ].filter(({ value }) => !holdsSecret(value));
    if (more.length === 0 || round === 5) return { found: [...found.values()], last };
    for (const one of more) found.set(one.path, one);
  }
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
