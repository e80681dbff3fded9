/** Where secrets are kept: the app of a stack, a repository, its GitHub environments. Read from what synth left, whoever wrote the program. */
import { readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { z } from "zod";
import type { FlyReader } from "../../api/fly";
import type { GithubReader } from "../../api/github";
import { stackPrefix } from "../../config/secret-name";
import type { Source } from "../../provider/resources/secrets/source";
import { sourceShape } from "../declared-secret";
import { governanceOf } from "../github/governed";
import type { Stack } from "../project";
import type { SecretStore } from "./verify";

/** A store of secrets with the source of each, and what tells that a value was changed. */
export interface SecretPlace extends SecretStore {
  /** Stands for the place in records: what keeps it, and whose it is, by slashes. */
  readonly id: string;
  /** The stack that declares it. */
  readonly stack: string;
  /** The environment that it belongs to; undefined: the repository's own, within reach of every workflow. */
  readonly environment: string | undefined;
  readonly target:
    | { readonly kind: "fly"; readonly app: string; readonly exists: boolean }
    | { readonly kind: "github"; readonly owner: string; readonly repository: string; readonly exists: boolean };
  /** By name, what a new value changes: Fly's digest, which is opaque, or the time at which GitHub took the value. */
  readonly marks: ReadonlyMap<string, string>;
  /** Where the value of a secret comes from, declared or by our rule of names. */
  sourceOf(name: string): Source;
  /** Prefixes of env vars that may hold values for this place. */
  readonly prefixes: readonly string[];
}

/** The two ways to what is there. Each is opened only where a stack needs it. */
export interface Doors {
  fly(): FlyReader;
  github(): GithubReader;
}

/**
 * Every place that these stacks declare secrets for, with what is there. One call for each place, and one more for an app or a repository.
 *
 * @param all every stack of the program: what an app declares is where the GitHub environment of the same name has its values from
 */
export async function placesOf(
  stacks: readonly Stack[],
  all: readonly Stack[],
  doors: Doors,
): Promise<readonly SecretPlace[]> {
  const declared = new Map(all.map((stack) => [stack.name, declaredBy(stack)]));
  const places = stacks.flatMap((stack) => [
    flyPlace(stack, declared.get(stack.name), doors),
    githubPlaces(stack, [...declared.values()], doors),
  ]);
  return (await Promise.all(places)).flat();
}

/** Whether it is an app that Fly does not know, or a GitHub environment that the repository has not. */
export const isAbsent = ({ target }: SecretPlace): boolean => !target.exists;

/** Every source that the stacks of an environment, or our rule of names, give a secret. */
export function sourcesIn(environment: string, all: readonly Stack[], name: string): readonly Source[] {
  const apps = all.map(declaredBy).filter((one) => one !== undefined && one.environment === environment);
  return [...apps.flatMap((one) => (one ? [one.sourceOf(name)] : [])), named(name, prefixesOf(environment))];
}

/** "preview" for the stack of any one preview; else a stack is its environment. */
const environmentOf = (stack: string): string => (/^preview-\d+$/.test(stack) ? "preview" : stack);

/** Prefixes of the env vars for an environment, the first one set wins: previews have staging's values where they have none of their own. */
function prefixesOf(environment: string | undefined): readonly string[] {
  if (environment === undefined) return ["REPOSITORY_"];
  return environment === "preview" ? ["PREVIEW_", "STAGING_"] : [stackPrefix(environment)];
}

const stackJson = z.object({
  resource: z
    .object({
      fly_app: z.record(z.string(), z.object({ name: z.string() })).default({}),
      fly_secrets: z
        .record(
          z.string(),
          z.object({ sources: z.record(z.string(), sourceShape).default({}), rotation_days: z.number().default(90) }),
        )
        .default({}),
      fly_app_inventory: z.record(z.string(), z.object({ secrets: z.array(z.string()).default([]) })).default({}),
    })
    .prefault({}),
});

/** What a stack declares of its app's secrets; read without a call. */
interface DeclaredApp {
  readonly app: string;
  readonly environment: string;
  /** Names, and patterns of groups. */
  readonly names: readonly string[];
  readonly rotationDays: number;
  sourceOf(name: string): Source;
}

/** undefined: the stack has no app. */
function declaredBy({ name: stack, directory }: Stack): DeclaredApp | undefined {
  const { resource } = stackJson.parse(JSON.parse(readFileSync(join(directory, "cdk.tf.json"), "utf8")));
  const [app] = Object.values(resource.fly_app);
  if (!app) return undefined;
  const secrets = Object.values(resource.fly_secrets);
  const sources = new Map(secrets.flatMap((one) => Object.entries(one.sources)));
  const groups = Object.values(resource.fly_app_inventory).flatMap((one) =>
    one.secrets.filter((name) => name.endsWith("*")),
  );
  const environment = environmentOf(stack);
  return {
    app: app.name,
    environment,
    names: [...sources.keys(), ...groups],
    rotationDays: secrets[0]?.rotation_days ?? 90,
    sourceOf: (name) => fromStack(sources.get(name), directory) ?? named(name, prefixesOf(environment)),
  };
}

/** An app that is not there has no secrets. */
async function flyPlace(
  { name: stack }: Stack,
  declared: DeclaredApp | undefined,
  doors: Doors,
): Promise<readonly SecretPlace[]> {
  if (!declared) return [];
  const { app, environment, names, rotationDays, sourceOf } = declared;
  const fly = doors.fly();
  const live = (await fly.apps.find(app)) ? await fly.secrets.list(app) : undefined;
  return [
    {
      id: `fly/${app}`,
      name: `Fly ${app}`,
      stack,
      environment,
      target: { kind: "fly", app, exists: live !== undefined },
      declared: names,
      live: (live ?? []).map((one) => ({ name: one.name, changedAt: one.updated_at ?? one.created_at })),
      marks: new Map(live?.map(({ name, digest }) => [name, digest])),
      rotationDays,
      prefixes: prefixesOf(environment),
      sourceOf,
      set: (name) => `npx infra secrets set ${name} --stack ${stack} < FILE`,
      remove: (name) => `fly secrets unset ${name} -a ${app}`,
    },
  ];
}

/** A file is named from the folder in which Terraform runs. */
const fromStack = (declared: Source | undefined, directory: string): Source | undefined =>
  declared?.file === undefined ? declared : { file: resolve(directory, declared.file) };

const named = (name: string, prefixes: readonly string[]): Source => ({ env: prefixes.map((one) => `${one}${name}`) });

/** A repository and its GitHub environments. What the app of an environment declares under the same name gives the source here too. */
async function githubPlaces(
  stack: Stack,
  apps: readonly (DeclaredApp | undefined)[],
  doors: Doors,
): Promise<readonly SecretPlace[]> {
  const wanted = governanceOf(stack);
  if (!wanted) return [];
  const { owner, name: repository, rotation_days: rotationDays } = wanted;
  const client = doors.github().repository(owner, repository);
  // Its secrets are a 404 for an environment that is not there, and for a token that may not look: only a list tells the two apart.
  const known = (await client.environments()).map((one) => one.name);
  const place = async (declared: readonly string[], environment?: string): Promise<SecretPlace> => {
    const exists = environment === undefined || known.includes(environment);
    const at = environment === undefined ? `${owner}/${repository}` : `environment ${environment}`;
    const live = exists ? await client.secrets(environment) : [];
    const prefixes = prefixesOf(environment);
    const app = apps.find((one) => one !== undefined && one.environment === environment);
    return {
      id: ["github", owner, repository, ...(environment === undefined ? [] : [environment])].join("/"),
      name: `GitHub ${at}`,
      stack: stack.name,
      environment,
      target: { kind: "github", owner, repository, exists },
      declared,
      live: live.map((one) => ({ name: one.name, changedAt: one.updated_at })),
      marks: new Map(live.map((one) => [one.name, one.updated_at])),
      rotationDays,
      prefixes,
      sourceOf: (name) => (app?.names.includes(name) ? app.sourceOf(name) : named(name, prefixes)),
      set: (secret) => `npx infra secrets set ${secret} --environment ${environment ?? "repository"} < FILE`,
      remove: (secret) => `gh secret delete ${secret}${environment === undefined ? "" : ` --env ${environment}`}`,
    };
  };
  return Promise.all([
    place(wanted.secrets),
    ...Object.entries(wanted.environments).map(([environment, { secrets }]) => place(secrets, environment)),
  ]);
}
