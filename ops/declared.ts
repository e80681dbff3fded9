/** What synthesized stacks say that commands need to know, whoever wrote the program: read from their JSON, not from anybody's configuration. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";
import { type Operation, operationShape } from "../config/operation-shape";
import type { Stack } from "./project";
import { stackFacts } from "./stack-facts";

export interface Declared {
  /** Slugs of the Fly organizations that the providers of the stacks name. */
  readonly organizations: readonly string[];
  /** Env vars that secrets come from: each entry lists the candidates of one secret, the first one set wins. */
  readonly secretSources: readonly (readonly string[])[];
  /** Env vars that the providers take the token from, where they name one. */
  readonly tokenEnvs: readonly string[];
  /** Names of the apps that the stacks own. */
  readonly apps: readonly string[];
  /** Kinds of backend that keep the state: "local", "pg", ... */
  readonly backends: readonly string[];
  /** Addresses of providers that the stacks need, such as "hashicorp/null". */
  readonly providers: readonly string[];
}

export function declaredIn(stacks: readonly Stack[]): Declared {
  const read = stacks.map(({ directory }) =>
    stackJson.parse(JSON.parse(readFileSync(join(directory, "cdk.tf.json"), "utf8"))),
  );
  return {
    organizations: unique(
      read.flatMap(({ provider }) => provider.fly.flatMap(({ organization }) => organization ?? [])),
    ),
    tokenEnvs: unique(read.flatMap(({ provider }) => provider.fly.flatMap(({ token_env }) => token_env ?? []))),
    secretSources: read.flatMap(({ resource }) =>
      Object.values(resource.fly_secrets).flatMap(({ sources }) =>
        Object.values(sources).flatMap(({ env }) => (env ? [env] : [])),
      ),
    ),
    apps: unique(read.flatMap(({ resource }) => Object.values(resource.fly_app).map(({ name }) => name))),
    backends: unique(
      read.flatMap(({ terraform }) => [...Object.keys(terraform.backend), ...(terraform.cloud ? ["hcp"] : [])]),
    ),
    providers: unique(
      read.flatMap(({ terraform }) => Object.values(terraform.required_providers).map(({ source }) => source)),
    ),
  };
}

const stackJson = z.object({
  provider: z
    .object({
      fly: z.array(z.object({ organization: z.string().optional(), token_env: z.string().optional() })).default([]),
    })
    .prefault({}),
  resource: z
    .object({
      fly_app: z.record(z.string(), z.object({ name: z.string() })).default({}),
      fly_secrets: z
        .record(
          z.string(),
          z.object({ sources: z.record(z.string(), z.object({ env: z.array(z.string()).optional() })).default({}) }),
        )
        .default({}),
    })
    .prefault({}),
  terraform: z
    .object({
      backend: z.record(z.string(), z.unknown()).default({}),
      cloud: z.unknown().optional(),
      required_providers: z.record(z.string(), z.object({ source: z.string() })).default({}),
    })
    .prefault({}),
});

const unique = (list: readonly string[]): readonly string[] => [...new Set(list)];

/** Wanted values of a stack that Fly cannot hold, in words: what synth left in `files/infra.json` beside the stacks. */
export const notesOf = (stack: Stack): readonly string[] => factsOf(stack).notes;

/** What a person has still to decide before a stack is complete. */
export const undecidedOf = (stack: Stack): readonly Undecided[] => factsOf(stack).undecided;

/** The folder whose files may hold values of secrets, as its first stack has it; undefined: none. */
export const vaultOf = (stacks: readonly Stack[]): string | undefined =>
  stacks.map((stack) => factsOf(stack).vault).find((one) => one !== undefined);

/** What the first of the stacks that says so wants of their running; undefined: none says it. */
export const operationOf = (stacks: readonly Stack[]): Operation | undefined =>
  stacks.map((stack) => factsOf(stack).operation).find((one) => one !== undefined);

const factsOf = (stack: Stack): Facts => stackFacts(stack, facts) ?? facts.parse({});

const undecided = z.object({ path: z.string(), text: z.string(), id: z.string() });
const facts = z.object({
  vault: z.string().optional(),
  operation: operationShape.optional(),
  notes: z.array(z.string()).default([]),
  undecided: z.array(undecided).default([]),
});

type Undecided = z.infer<typeof undecided>;
type Facts = z.infer<typeof facts>;
