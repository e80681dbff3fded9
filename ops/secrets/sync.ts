/** Brings secrets from their sources to where they are kept. A plan says what would be written and holds the values; nothing else does. */
import type { Fly } from "../../api/fly";
import type { RepositoryClient } from "../../api/github";
import { Failure } from "../failure";
import type { Comparison, SecretMemory } from "./memory";
import type { SecretPlace } from "./place";
import type { Sources } from "./source";
import { isDeclared } from "./verify";

/**
 * "missing": the place has none. "rotated": the source has another value than was written from here. "changed elsewhere": somebody wrote it
 * since. "not comparable": nobody can tell whether it differs. "in step": it is there and the same. "no source": this shell has no value.
 */
type Verdict = "missing" | "rotated" | "changed elsewhere" | "not comparable" | "in step" | "no source";

export interface SyncItem {
  readonly place: SecretPlace;
  readonly name: string;
  readonly verdict: Verdict;
  /** Where the value is from, or why there is none. */
  readonly source: string;
  /** Whether the value is to be written. */
  readonly writes: boolean;
  /** Missing there, and without a value here. */
  readonly lacking: boolean;
}

export interface SyncPlan {
  readonly items: readonly SyncItem[];
  /** Never told. */
  readonly values: ReadonlyMap<SyncItem, string>;
}

/**
 * Compares every secret that these places declare, or that fits into a group of theirs and has a source, with what was written.
 *
 * @param only this secret alone; undefined: all
 */
export async function planSync(
  places: readonly SecretPlace[],
  sources: Sources,
  memory: SecretMemory,
  only?: string,
): Promise<SyncPlan> {
  const wanted = places.flatMap((place) =>
    (only === undefined ? namesFor(place, sources) : [only]).map((name) => ({ place, name })),
  );
  const values = new Map<SyncItem, string>();
  const items: SyncItem[] = [];
  for (const { place, name } of wanted) {
    const found = await sources.valueOf(place.sourceOf(name));
    const isThere = place.marks.has(name);
    if (found.value === undefined) {
      items.push({ place, name, verdict: "no source", source: found.absent, writes: false, lacking: !isThere });
      continue;
    }
    const verdict = await judge(place, name, found.value, memory);
    const item = { place, name, verdict, source: found.from, writes: verdict !== "in step", lacking: false };
    items.push(item);
    values.set(item, found.value);
  }
  return { items, values };
}

/** One value for one name in these places, written whatever is there. */
export async function planSet(
  places: readonly SecretPlace[],
  name: string,
  value: { readonly value: string; readonly from: string },
  memory: SecretMemory,
): Promise<SyncPlan> {
  const values = new Map<SyncItem, string>();
  for (const place of places) {
    const verdict = await judge(place, name, value.value, memory);
    values.set({ place, name, verdict, source: value.from, writes: true, lacking: false }, value.value);
  }
  return { items: [...values.keys()], values };
}

/** Declared names, and members of declared groups that this shell has a value for. */
function namesFor(place: SecretPlace, { variables }: Sources): readonly string[] {
  const groups = place.declared.filter((name) => name.endsWith("*"));
  const members = place.prefixes.flatMap((prefix) =>
    variables.filter((one) => one.startsWith(prefix)).map((one) => one.slice(prefix.length)),
  );
  return [
    ...new Set([
      ...place.declared.filter((name) => !name.endsWith("*")),
      ...members.filter((name) => isDeclared(name, groups)).sort(),
    ]),
  ];
}

async function judge(place: SecretPlace, name: string, value: string, memory: SecretMemory): Promise<Verdict> {
  const mark = place.marks.get(name);
  if (mark === undefined) return "missing";
  return verdicts[await memory.compare(place.id, name, value, mark)];
}

const verdicts: Readonly<Record<Comparison, Verdict>> = {
  same: "in step",
  other: "rotated",
  "changed elsewhere": "changed elsewhere",
  unknown: "not comparable",
};

/**
 * A preview runs code that nobody has approved yet.
 *
 * @param production value of the same secret in production, where this shell has one
 * @throws Failure that names each secret of a preview whose value is production's
 */
export async function refuseProductionValues(
  { items, values }: SyncPlan,
  production: (name: string) => Promise<readonly string[]>,
): Promise<void> {
  const mixed: string[] = [];
  for (const item of items.filter(({ place, writes }) => writes && place.environment === "preview")) {
    const theirs = await production(item.name);
    if (theirs.includes(values.get(item) ?? "")) mixed.push(`${item.name} of ${item.place.name} (${item.source})`);
  }
  if (mixed.length === 0) return;
  throw new Failure(
    `A preview would get values of production:\n${mixed.map((one) => `  ${one}`).join("\n")}\nNothing was written anywhere. Give previews values of their own, or staging's. [secrets/production-value]`,
  );
}

type FlyWriter = { readonly secrets: Pick<Fly["secrets"], "set"> };

export interface Synced {
  readonly written: readonly SyncItem[];
  /** Written, and Fly's digest is what it was: the same value was there. GitHub never tells. */
  readonly unchanged: readonly SyncItem[];
  /** What was to be written and was not. */
  readonly left: readonly SyncItem[];
  /** Why the rest was left; undefined: nothing was, or somebody asked to stop. */
  readonly error: unknown;
}

/** What writing takes of the clients. */
export interface Writers {
  fly(): FlyWriter;
  github(): { repository(owner: string, name: string): Pick<RepositoryClient, "setSecret" | "secrets"> };
  readonly signal: AbortSignal;
}

/** Writes place after place, an app's secrets all at once; what was written is remembered at once, so that another run goes on from there. */
export async function carryOut(plan: SyncPlan, memory: SecretMemory, writers: Writers): Promise<Synced> {
  const written: Written[] = [];
  const all = plan.items.filter(({ writes }) => writes);
  const outcome = (error: unknown): Synced => ({
    written: written.map(({ item }) => item),
    unchanged: written.filter(({ same }) => same).map(({ item }) => item),
    left: all.filter((item) => !written.some((one) => one.item === item)),
    error,
  });
  try {
    for (const place of new Set(all.map((item) => item.place))) {
      const mine = all.filter((item) => item.place === place);
      if (writers.signal.aborted) break;
      if (place.target.kind === "fly") await writeFly(place.target.app, mine, plan, memory, writers.fly(), written);
      else await writeGithub(place, mine, plan, memory, writers, written);
    }
    return outcome(undefined);
  } catch (error) {
    return outcome(error);
  }
}

interface Written {
  readonly item: SyncItem;
  readonly same: boolean;
}

async function writeFly(
  app: string,
  items: readonly SyncItem[],
  { values }: SyncPlan,
  memory: SecretMemory,
  fly: FlyWriter,
  written: Written[],
): Promise<void> {
  const body = Object.fromEntries(items.map((item) => [item.name, values.get(item) ?? ""]));
  const answer = await fly.secrets.set(app, body);
  const digests = new Map(answer.secrets.map(({ name, digest }) => [name, digest]));
  const isSame = ({ name, place }: SyncItem) => digests.has(name) && digests.get(name) === place.marks.get(name);
  written.push(...items.map((item) => ({ item, same: isSame(item) })));
  for (const item of items) {
    const digest = digests.get(item.name);
    if (digest !== undefined) await memory.keep(item.place.id, item.name, values.get(item) ?? "", digest);
  }
}

/** GitHub takes one at a time and says when it did only in a listing. */
async function writeGithub(
  place: SecretPlace,
  items: readonly SyncItem[],
  { values }: SyncPlan,
  memory: SecretMemory,
  { github, signal }: Writers,
  written: Written[],
): Promise<void> {
  if (place.target.kind !== "github") return;
  const { owner, repository } = place.target;
  const client = github().repository(owner, repository);
  const done: SyncItem[] = [];
  try {
    for (const item of items) {
      if (signal.aborted) break;
      await client.setSecret(item.name, values.get(item) ?? "", place.environment);
      done.push(item);
      written.push({ item, same: false });
    }
  } finally {
    const live = done.length > 0 ? await client.secrets(place.environment).catch(() => []) : [];
    for (const item of done) {
      const mark = live.find(({ name }) => name === item.name)?.updated_at;
      if (mark !== undefined) await memory.keep(place.id, item.name, values.get(item) ?? "", mark);
    }
  }
}
