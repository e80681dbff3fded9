/** The report on every secret: where it is, since when, where its value comes from, who can get at it, and what is to be done. Never a value. */
import type { GithubReader } from "../../api/github";
import type { GovernedEnvironment } from "../../config/governance-shape";
import type { Source } from "../../provider/resources/secrets/source";
import { governanceOf } from "../github/governed";
import type { Stack } from "../project";
import type { SecretPlace } from "./place";
import { daysSince, isDeclared, problemsOf, type SecretProblem } from "./verify";

interface AuditedSecret {
  readonly name: string;
  readonly declared: boolean;
  readonly present: boolean;
  /** When it was written last, RFC 3339. */
  readonly changedAt: string | undefined;
  readonly days: number | undefined;
  /** Day on which a new value is due. */
  readonly due: string | undefined;
  /** Fly's, which tells equal values apart from others and nothing more; GitHub shows none. */
  readonly digest: string | undefined;
  /** Where its value is declared to come from. */
  readonly source: string;
}

export interface AuditedPlace {
  readonly name: string;
  readonly environment: string | undefined;
  readonly rotationDays: number;
  readonly secrets: readonly AuditedSecret[];
  /** Who or what can read or replace the values, in sentences. */
  readonly access: readonly string[];
}

/** Something that guards secrets, and whether it does. */
interface Control {
  readonly name: string;
  readonly holds: boolean;
  readonly text: string;
}

export interface SecretAudit {
  /** RFC 3339. */
  readonly at: string;
  readonly places: readonly AuditedPlace[];
  readonly controls: readonly Control[];
  readonly problems: readonly SecretProblem[];
  /** What could not be read, and why. */
  readonly unread: readonly string[];
}

/** @param now Unix ms */
export async function auditSecrets(
  places: readonly SecretPlace[],
  stacks: readonly Stack[],
  github: () => GithubReader,
  now: number,
): Promise<SecretAudit> {
  const repositories = await Promise.all(
    stacks.flatMap((stack) => (governanceOf(stack) ? [repositoryOf(stack, github())] : [])),
  );
  const accessOf = (place: SecretPlace) =>
    place.target.kind === "fly"
      ? [
          `Processes of ${place.target.app}, and whoever may open a shell on its machines.`,
          `Members of its Fly organization and holders of its tokens may replace a value; nobody reads one back: fly orgs show, fly tokens list -a ${place.target.app}.`,
        ]
      : (repositories.find(({ stack }) => stack === place.stack)?.access(place.environment) ?? []);
  return {
    at: new Date(now).toISOString(),
    places: places.map((place) => audited(place, accessOf(place), now)),
    controls: [apart(places), ...repositories.flatMap(({ controls }) => controls)],
    problems: places.flatMap((place) => problemsOf(place, now)),
    unread: repositories.flatMap(({ unread }) => unread),
  };
}

const dayMs = 86_400_000;

function audited(place: SecretPlace, access: readonly string[], now: number): AuditedPlace {
  const { name, environment, rotationDays, declared, live, marks, target } = place;
  const missing = declared.filter((one) => !one.endsWith("*") && !marks.has(one));
  const row = (secret: string, changedAt: string | undefined): AuditedSecret => ({
    name: secret,
    declared: isDeclared(secret, declared),
    present: marks.has(secret),
    changedAt,
    days: daysSince(changedAt, now),
    due:
      changedAt === undefined
        ? undefined
        : new Date(Date.parse(changedAt) + rotationDays * dayMs).toISOString().slice(0, 10),
    digest: target.kind === "fly" ? marks.get(secret) : undefined,
    source: inWords(place.sourceOf(secret)),
  });
  const secrets = [
    ...live.map((one) => row(one.name, one.changedAt)),
    ...missing.map((one) => row(one, undefined)),
  ].sort((one, other) => (one.name < other.name ? -1 : 1));
  return { name, environment, rotationDays, secrets, access };
}

/** Names of variables and programs; a value is never part of a source. */
function inWords({ env, file, command }: Source): string {
  if (file !== undefined) return `file ${file.slice(file.lastIndexOf("/") + 1)}`;
  return command === undefined ? `env var ${(env ?? []).join(" or ")}` : `command ${command[0]}`;
}

/** Equal values have equal digests on Fly, whatever the app: so it shows where production shares one. */
function apart(places: readonly SecretPlace[]): Control {
  const apps = places.filter(({ target }) => target.kind === "fly");
  const theirs = new Map(
    apps
      .filter(({ environment }) => environment === "production")
      .flatMap(({ name, marks }) => [...marks].map(([secret, digest]) => [digest, `${secret} of ${name}`])),
  );
  const shared = apps
    .filter(({ environment }) => environment !== "production")
    .flatMap(({ name, marks }) =>
      [...marks].flatMap(([secret, digest]) => {
        const other = theirs.get(digest);
        return other ? [`${secret} of ${name} has the value of ${other}`] : [];
      }),
    );
  return {
    name: "Production's values are in no other environment on Fly",
    holds: shared.length === 0,
    text: shared.length === 0 ? "no two digests are equal" : shared.join("; "),
  };
}

interface AuditedRepository {
  readonly stack: string;
  readonly controls: readonly Control[];
  readonly unread: readonly string[];
  access(environment: string | undefined): readonly string[];
}

async function repositoryOf(stack: Stack, github: GithubReader): Promise<AuditedRepository> {
  const wanted = governanceOf(stack);
  if (!wanted) throw new Error(`stack ${stack.name} governs no repository`);
  const client = github.repository(wanted.owner, wanted.name);
  const unread: string[] = [];
  const tried = async <T>(what: string, read: Promise<T>): Promise<T | undefined> =>
    read.catch((error: unknown) => {
      unread.push(`${what}: ${error instanceof Error ? error.message : String(error)}`);
      return undefined;
    });
  const [repository, people] = await Promise.all([
    tried("secret scanning", client.get()),
    tried("people with access", client.collaborators()),
  ]);
  const scanning = repository?.security_and_analysis;
  const writers = people?.filter(({ role_name }) => !["read", "triage"].includes(role_name));
  const whoWrites = writers
    ? `${writers.map(({ login, role_name }) => `${login} (${role_name})`).join(", ") || "nobody"}`
    : "not read";
  const status = (name: string, value: string | undefined): Control[] =>
    repository ? [{ name, holds: value === "enabled", text: value ?? "GitHub does not say" }] : [];
  return {
    stack: stack.name,
    unread,
    controls: [
      ...status("Secret scanning", scanning?.secret_scanning?.status),
      ...status("Push protection", scanning?.secret_scanning_push_protection?.status),
    ],
    access(environment) {
      const declared = environment === undefined ? undefined : wanted.environments[environment];
      return [
        declared
          ? jobsOf(declared)
          : "Jobs of every workflow on any branch that are handed it by name; pull requests of forks get none.",
        `People who may write to the repository: ${whoWrites}.`,
      ];
    },
  };
}

function jobsOf({ branches, tags, reviewers, approval }: GovernedEnvironment): string {
  const from = [...branches, ...tags.map((tag) => `tag ${tag}`)].join(", ") || "any branch";
  const who = reviewers.map((one) => (one.type === "User" ? one.login : `team ${one.slug}`)).join(", ");
  const after = approval === "confirmation" ? "a typed confirmation" : who && `an approval by ${who}`;
  return `Jobs that deploy to the environment, from ${from}${after ? `, after ${after}` : ", without an approval"}.`;
}
