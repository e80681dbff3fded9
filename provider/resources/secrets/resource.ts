import type { Fly, FlyReader } from "../../../api/fly/client";
import { FlyError } from "../../../api/fly/error";
import type { Secret } from "../../../api/fly/types";
import { Problem } from "../../framework";
import { describeError } from "../describe-error";
import { type FlyContext, flyResource } from "../fly-resource";
import { markImported } from "../imported";
import { ownerOf, unlessGone } from "../ownership";
import { exists } from "../problem";
import { secretsVersionOf } from "../process-group/mark";
import { attributes, isBlank, rotationDays, type State } from "./attribute";
import { fingerprint, matches } from "./fingerprint";
import { baseline, isInStep, type Memory, type Remembered, recall, remember } from "./memory";
import { missingSources } from "./missing-source";
import { planSecrets } from "./plan";
import { type Resolved, resolve, type Source } from "./source";

/** The declared secrets of an app. Values go from their source to Fly and nowhere else. */
export const secrets = flyResource({
  type: "fly_secrets",
  summary:
    "The declared secrets of an app, each with the source of its value. No value enters configuration, plan or state: the provider keeps Fly's digest and 20 bits of a salted scrypt, and so tells a change on Fly from a rotated source.",
  attributes,
  importKey: { format: "app", parse: (id) => (id && !id.includes("/") ? { app: id } : undefined) },
  plan: planSecrets,

  async read(fly, state, context) {
    const live = await unlessGone(fly.secrets.list(state.app));
    if (!live) return undefined;
    if (context.imported) {
      remember(context.private, baseline(live));
      markImported(context.private, true);
      const sources = Object.fromEntries(live.map(({ name }) => [name, {}]));
      const version = await versionGiven(fly, state.app);
      return { id: state.app, app: state.app, sources, rotation_days: rotationDays, status: {}, version };
    }
    return { ...state, status: await statusOf(state, live, context) };
  },

  async create(fly, plan, context) {
    const live = await fly.secrets.list(plan.app);
    const there = Object.keys(plan.sources).filter((name) => live.some((one) => one.name === name));
    if (there.length > 0 && (await ownerOf(fly, plan.app, context.settings.stack)) === "other") {
      throw exists(`secrets named ${there.join(", ")}`, plan.app, plan.app, "fly_secrets", ["sources"]);
    }
    return write(fly, { plan, live, all: true, removed: [] }, context).catch((error: unknown) => {
      throw perhapsWritten(error, plan);
    });
  },

  async update(fly, plan, prior, context) {
    const live = await fly.secrets.list(plan.app);
    const removed = Object.entries(prior.sources)
      .filter(([name, source]) => !isBlank(source) && !(name in plan.sources))
      .map(([name]) => name);
    return write(fly, { plan, prior, live, all: plan.revision !== prior.revision, removed }, context);
  },

  async delete(fly, { app, sources }) {
    const ours = Object.entries(sources).filter(([, source]) => !isBlank(source));
    const values = Object.fromEntries(ours.map(([name]) => [name, null]));
    if (ours.length > 0) await unlessGone(fly.secrets.set(app, values));
  },
});

/** The newest version of the secrets that a machine of ours was given; Fly itself tells it to nobody but who writes. */
async function versionGiven(fly: FlyReader, app: string): Promise<number | undefined> {
  const given = (await fly.machines.list(app)).flatMap((machine) => secretsVersionOf(machine) ?? []);
  return given.length > 0 ? Math.max(...given) : undefined;
}

async function statusOf(state: State, live: readonly Secret[], context: FlyContext): Promise<Record<string, string>> {
  const memory = recall(context.private);
  const judge = async (name: string, source: Source): Promise<string | undefined> => {
    const found = live.find((one) => one.name === name);
    const known = memory[name];
    if (!found) return "deleted outside";
    if (known && found.digest !== known.digest) return "changed outside";
    if (!known?.value || isBlank(source)) return undefined;
    return (await rotated(known, await resolve(source, context.settings.env))) ? "source rotated" : undefined;
  };
  const judged = await Promise.all(
    Object.entries(state.sources).map(async ([name, source]) => [name, await judge(name, source)] as const),
  );
  return Object.fromEntries(judged.flatMap(([name, text]) => (text === undefined ? [] : [[name, text]])));
}

/** A source that gives nothing is not judged. */
async function rotated({ value }: Remembered, now: Resolved): Promise<boolean> {
  return value !== undefined && "value" in now && !(await matches(now.value, value));
}

interface Write {
  readonly plan: State;
  readonly prior?: State;
  readonly live: readonly Secret[];
  /** Write every secret whose source gives a value, in step or not. */
  readonly all: boolean;
  readonly removed: readonly string[];
}

/** Writes what is not in step, all in one call, and remembers what Fly then says. */
async function write(fly: Fly, { plan, prior, live, all, removed }: Write, context: FlyContext): Promise<State> {
  const memory = recall(context.private);
  const values: Record<string, string | null> = {};
  const missing: string[] = [];
  for (const [name, source] of Object.entries(plan.sources)) {
    const now = await resolve(source, context.settings.env);
    const known = memory[name];
    const inStep = isInStep(name, live, memory);
    const forced = all && prior !== undefined;
    if ("value" in now) {
      if (all || !inStep || !known?.value || (await rotated(known, now))) values[name] = now.value;
    } else if (!inStep || forced) missing.push(`${name}: ${now.absent}`);
  }
  if (missing.length > 0) throw new Problem(missingSources(plan.app, missing, "No secret was written."));
  for (const name of removed) if (live.some((one) => one.name === name)) values[name] = null;
  const kept = Object.entries({ ...baseline(live), ...memory }).filter(([name]) => name in plan.sources);
  const version = await send(fly, plan.app, values, Object.fromEntries(kept), context);
  markImported(context.private, false);
  return { ...plan, id: plan.app, status: {}, version: version ?? prior?.version };
}

async function send(
  fly: Fly,
  app: string,
  values: Readonly<Record<string, string | null>>,
  memory: Memory,
  context: FlyContext,
): Promise<number | undefined> {
  const names = Object.keys(values);
  const next: Record<string, Remembered> = { ...memory };
  if (names.length === 0) {
    remember(context.private, next);
    return undefined;
  }
  context.progress(`writing ${names.join(", ")}`);
  const written = await fly.secrets.set(app, values);
  const digests = await digestsOf(
    fly,
    app,
    written.secrets,
    names.filter((name) => values[name] !== null),
  );
  for (const name of names) {
    const value = values[name];
    const digest = digests.get(name);
    if (typeof value === "string" && digest !== undefined) next[name] = { digest, value: await fingerprint(value) };
    else delete next[name];
  }
  remember(context.private, next);
  return written.version;
}

/** By the answer of the write; a listing may lag behind it and is asked only for what the answer leaves out. */
async function digestsOf(fly: FlyReader, app: string, answered: readonly Secret[], names: readonly string[]) {
  const digests = new Map(answered.map(({ name, digest }) => [name, digest]));
  if (names.some((name) => !digests.has(name))) {
    for (const { name, digest } of await fly.secrets.list(app)) if (!digests.has(name)) digests.set(name, digest);
  }
  return digests;
}

/** Values that may have arrived are in the state, so that the next apply takes them for its own: it unsets and writes them again. */
function perhapsWritten(error: unknown, plan: State): unknown {
  const told =
    error instanceof FlyError && error.ambiguous && describeError(error, { name: `fly_secrets ${plan.app}` });
  return told ? new Problem(told, { cause: error, state: { ...plan, id: plan.app } }) : error;
}
