/** Which secrets are there, which are missing, undeclared or too old: names and times, never a value. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";
import type { FlyReader } from "../../api/fly";
import type { GithubReader } from "../../api/github";
import type { Governance } from "../../config/governance-shape";
import type { Stack } from "../project";

/** Where secrets are kept, what is declared for it, and what is there. */
export interface SecretStore {
  /** "Fly hot-dash", "GitHub hotdash/hotdash", "GitHub environment production". */
  readonly name: string;
  /** Names that have to be there; one that ends in `*` allows every name that begins so. */
  readonly declared: readonly string[];
  readonly live: readonly { readonly name: string; readonly changedAt: string | undefined }[];
  readonly rotationDays: number;
  /** How one is given a new value, as something to type. */
  readonly set: (name: string) => string;
  /** How one is removed. */
  readonly remove: (name: string) => string;
}

export interface SecretProblem {
  readonly store: string;
  readonly name: string;
  readonly problem: "missing" | "undeclared" | "over age";
  readonly text: string;
  /** Age, where that is the problem. */
  readonly days?: number;
}

const dayMs = 86_400_000;

/** What is wrong in a store; pure. `now`: Unix ms. */
export function problemsOf(
  { name: store, declared, live, rotationDays, set, remove }: SecretStore,
  now: number,
): readonly SecretProblem[] {
  const names = live.map(({ name }) => name);
  const fits = (name: string) => (one: string) =>
    one.endsWith("*") ? name.startsWith(one.slice(0, -1)) : one === name;
  return [
    ...declared
      .filter((name) => !name.endsWith("*") && !names.includes(name))
      .map((name) => ({ store, name, problem: "missing" as const, text: `is missing; give it: ${set(name)}` })),
    ...names
      .filter((name) => !declared.some(fits(name)))
      .map((name) => ({
        store,
        name,
        problem: "undeclared" as const,
        text: `nobody declared it; declare it, or remove it: ${remove(name)}`,
      })),
    ...live.flatMap(({ name, changedAt }): SecretProblem[] => {
      const days = changedAt === undefined ? 0 : Math.floor((now - Date.parse(changedAt)) / dayMs);
      if (days <= rotationDays) return [];
      const text = `is ${days} days old, and ${rotationDays} are allowed; make a new value: ${set(name)}`;
      return [{ store, name, problem: "over age", text, days }];
    }),
  ];
}

const stackJson = z.object({
  resource: z.object({
    fly_app: z.record(z.string(), z.object({ name: z.string() })).default({}),
    fly_secrets: z
      .record(
        z.string(),
        z.object({ sources: z.record(z.string(), z.unknown()).default({}), rotation_days: z.number().default(90) }),
      )
      .default({}),
    fly_app_inventory: z.record(z.string(), z.object({ secrets: z.array(z.string()).default([]) })).default({}),
  }),
});

/** The secrets of the app that a stack declares; none for a stack without one. An app that is not there has none. */
export async function flyStores(
  open: () => FlyReader,
  { name: stack, directory }: Stack,
): Promise<readonly SecretStore[]> {
  const { resource } = stackJson.parse(JSON.parse(readFileSync(join(directory, "cdk.tf.json"), "utf8")));
  const [app] = Object.values(resource.fly_app);
  if (!app) return [];
  const secrets = Object.values(resource.fly_secrets);
  const groups = Object.values(resource.fly_app_inventory).flatMap((one) =>
    one.secrets.filter((name) => name.endsWith("*")),
  );
  const fly = open();
  const live = (await fly.apps.find(app.name)) ? await fly.secrets.list(app.name) : [];
  return [
    {
      name: `Fly ${app.name}`,
      declared: [...secrets.flatMap(({ sources }) => Object.keys(sources)), ...groups],
      live: live.map(({ name, created_at, updated_at }) => ({ name, changedAt: updated_at ?? created_at })),
      rotationDays: secrets[0]?.rotation_days ?? 90,
      set: (name) => `set the value's source, then npx infra apply ${stack} (${name})`,
      remove: (name) => `fly secrets unset ${name} -a ${app.name}`,
    },
  ];
}

/** The secrets of a repository and of its GitHub environments. One call for each. */
export async function githubStores(github: GithubReader, wanted: Governance): Promise<readonly SecretStore[]> {
  const repository = github.repository(wanted.owner, wanted.name);
  const store = async (name: string, declared: readonly string[], environment?: string): Promise<SecretStore> => {
    const option = environment === undefined ? "" : ` --env ${environment}`;
    const live = await repository.secrets(environment);
    return {
      name,
      declared,
      live: live.map((one) => ({ name: one.name, changedAt: one.updated_at })),
      rotationDays: wanted.rotation_days,
      set: (secret) => `gh secret set ${secret}${option}`,
      remove: (secret) => `gh secret delete ${secret}${option}`,
    };
  };
  return Promise.all([
    store(`GitHub ${wanted.owner}/${wanted.name}`, wanted.secrets),
    ...Object.entries(wanted.environments).map(([name, { secrets }]) =>
      store(`GitHub environment ${name}`, secrets, name),
    ),
  ]);
}
