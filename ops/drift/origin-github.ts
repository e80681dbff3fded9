/** What GitHub tells of who changed something: the audit log where the plan has one, else what each kind of object says of itself. */
import { z } from "zod";
import { GithubError, type GithubReader } from "../../api/github";
import { isGate } from "../../report/gate";
import type { Finding, Origin } from "../../report/model";
import { governanceOf } from "../github/governed";
import { objectsIn } from "../github/told";
import type { Stack } from "../project";
import { declaredFilesOf } from "../propose/declared-file";
import { type OriginOf, unknown } from "./origin-of";

interface Place {
  /** What a `GET` of this path answers; undefined where GitHub has it not, refuses, or was asked enough. */
  get(path: string): Promise<unknown>;
  /** "repos/owner/name". */
  readonly root: string;
}

/** Most calls for the findings of one stack: an origin is worth no sweep of its own. */
const callsAtMost = 12;

/** Answers for the findings of a stack about a repository. Nothing is asked twice. */
export function githubOrigins(github: GithubReader, stack: Stack): OriginOf {
  const where = governanceOf(stack) ?? declaredFilesOf(stack);
  if (!where) return async () => unknown("no record of it is known");
  const place = { get: politely(github), root: `repos/${where.owner}/${where.name}` };
  const objects = objectsIn(stack);
  const query = `phrase=${encodeURIComponent(`repo:${where.owner}/${where.name}`)}&order=desc&per_page=100`;
  const log = `orgs/${encodeURIComponent(where.owner)}/audit-log?${query}`;
  return async (finding) => {
    const object = objectOf(finding, objects);
    const kind = kinds.find(({ is }) => is.test(object)) ?? file;
    const name = object.replace(kind.is, "");
    const entries = z
      .array(entry)
      .catch([])
      .parse(await place.get(log));
    const newest = entries.find(
      (one) => kind.done.test(one.action) && (kind.single || name === "" || isAbout(one, name)),
    );
    if (newest) {
      const since = new Date(newest["@timestamp"]).toISOString();
      return { since, by: newest.actor ?? null, source: `newest in the audit log: ${newest.action}` };
    }
    return (await kind.ask?.(place, name)) ?? unknown("neither the audit log nor the object says");
  };
}

function politely(github: GithubReader): Place["get"] {
  const asked = new Map<string, Promise<unknown>>();
  return (path) => {
    const known = asked.get(path) ?? (asked.size < callsAtMost ? unlessRefused(github.get(path)) : Promise.resolve());
    asked.set(path, known);
    return known;
  };
}

/** An origin is worth no error. */
async function unlessRefused(answer: Promise<unknown>): Promise<unknown> {
  try {
    return await answer;
  } catch (error) {
    if (error instanceof GithubError) return undefined;
    throw error;
  }
}

/** "ruleset/history" out of what the audit, a gate or Terraform's resource say. */
function objectOf({ address, path }: Finding, objects: ReadonlyMap<string, string>): string {
  if (address.startsWith("github:") || isGate(address)) return path;
  return objects.get(address.replace(/\[.*\]$/, "")) ?? path;
}

interface Kind {
  /** The beginning of an object of this kind; what follows is its name, and may be followed by a field. */
  readonly is: RegExp;
  /** Actions of the audit log that change one. */
  readonly done: RegExp;
  /** There is one of it, so that an entry need not name it. */
  readonly single?: true;
  /** What the object says of itself. `name` may have a field behind it. */
  ask?(place: Place, name: string): Promise<Origin | undefined>;
}

/** What a file's newest commit says. A finding names a file by its path alone. */
const file: Kind = {
  is: /^/,
  done: /^$/,
  async ask({ get, root }, path) {
    const [newest] = commits.parse(await get(`${root}/commits?path=${encodeURIComponent(path)}&per_page=1`));
    if (!newest) return undefined;
    const since = newest.commit.committer?.date ?? null;
    return { since, by: newest.author?.login ?? null, source: `commit ${newest.sha.slice(0, 12)}` };
  },
};

const kinds: readonly Kind[] = [
  { is: /^ruleset\//, done: /^repository_ruleset\./, ask: rulesetHistory },
  { is: /^branch_protection\//, done: /^protected_branch\./ },
  { is: /^environment\//, done: /^environment\./, ask: (place, name) => stamped(place, `environments/${first(name)}`) },
  {
    is: /^secret\//,
    done: /^(repo|environment|org)\.\w*actions_secret/,
    ask: (place, name) => stamped(place, secretPath(name)),
  },
  {
    is: /^variable\//,
    done: /^(repo|environment|org)\.\w*actions_variable/,
    ask: (place, name) => stamped(place, `actions/variables/${first(name)}`),
  },
  { is: /^webhook\//, done: /^hook\./, ask: (place, name) => stamped(place, `hooks/${first(name)}`) },
  { is: /^deploy_key\//, done: /^public_key\./, ask: (place, name) => stamped(place, `keys/${first(name)}`) },
  { is: /^autolink\//, done: /^repo\.\w*autolink/ },
  { is: /^label\b\/?/, done: /^label\./ },
  { is: /^team\//, done: /^team\./ },
  { is: /^collaborator\//, done: /^repo\.\w*member/ },
  { is: /^actions\//, done: /^repo\..*(actions|workflow_permission)/, single: true },
  {
    is: /^repository\b/,
    done: /^(repo\.(?!.*(actions|autolink|member))|repository_(?!ruleset)|dependabot)/,
    single: true,
  },
];

const first = (name: string): string => encodeURIComponent(name.split(" ")[0] ?? "");

const commits = z
  .array(
    z.object({
      sha: z.string(),
      author: z.object({ login: z.string() }).nullish(),
      commit: z.object({ committer: z.object({ date: z.string() }).nullish() }),
    }),
  )
  .catch([]);

const entry = z.object({
  "@timestamp": z.number(),
  action: z.string(),
  actor: z.string().nullish(),
  name: z.string().nullish(),
  ruleset_name: z.string().nullish(),
  environment_name: z.string().nullish(),
  key: z.string().nullish(),
  title: z.string().nullish(),
  hook_id: z.number().nullish(),
});
type Entry = z.output<typeof entry>;

/** Whether an entry names this object. `name` may have a field behind it. */
const isAbout = (one: Entry, name: string): boolean =>
  [one.ruleset_name, one.environment_name, one.name, one.key, one.title, one.hook_id].some(
    (value) => value !== null && value !== undefined && (name === `${value}` || name.startsWith(`${value} `)),
  );

/** A ruleset keeps its versions; an actor is an id there. */
async function rulesetHistory({ get, root }: Place, name: string): Promise<Origin | undefined> {
  const ruleset = rulesets
    .parse(await get(`${root}/rulesets`))
    .find((one) => name === one.name || name.startsWith(`${one.name} `));
  if (!ruleset) return undefined;
  const [newest] = versions.parse(await get(`${root}/rulesets/${ruleset.id}/history?per_page=1`));
  if (!newest) return undefined;
  const { login = null } = newest.actor?.type === "User" ? account.parse(await get(`user/${newest.actor.id}`)) : {};
  return { since: newest.updated_at, by: login, source: `version ${newest.version_id} of the ruleset` };
}

const rulesets = z.array(z.object({ id: z.number(), name: z.string() })).catch([]);
const account = z.object({ login: z.string().optional() }).catch({});
const versions = z
  .array(
    z.object({
      version_id: z.number(),
      updated_at: z.string(),
      actor: z.object({ id: z.number(), type: z.string() }).nullish(),
    }),
  )
  .catch([]);

/** A secret of an environment is "environment/NAME". */
function secretPath(name: string): string {
  const [one = "", two] = (name.split(" ")[0] ?? "").split("/").map(encodeURIComponent);
  return two === undefined ? `actions/secrets/${one}` : `environments/${one}/secrets/${two}`;
}

const times = z
  .object({
    updated_at: z.string().nullish(),
    created_at: z.string().nullish(),
    added_by: z.string().nullish(),
  })
  .catch({});

/** What carries its own times. */
async function stamped({ get, root }: Place, path: string): Promise<Origin | undefined> {
  const read = times.parse(await get(`${root}/${path}`));
  const since = read.updated_at ?? read.created_at;
  if (!since) return undefined;
  const by = read.added_by ?? null;
  return { since, by, source: by ? "the object itself" : "the object's last change; GitHub does not say whose it was" };
}
