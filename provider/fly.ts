import { addressesFrom, isLoopback } from "../api/fly/address";
import { Budget } from "../api/fly/budget";
import type { FlyReader } from "../api/fly/client";
import { systemClock } from "../api/fly/clock";
import { asReader, createFly } from "../api/fly/create-fly";
import { type MemoizedReader, memoize } from "../api/fly/memoize";
import { version } from "../package.json";
import { Problem } from "./framework";
import { defineProvider } from "./framework/provider";
import type { OpenSession } from "./plugin/service";
import { dataSources, resources } from "./resources";
import { describeError } from "./resources/describe-error";
import { settings } from "./resources/settings";

/** What the sessions of a provider have in common; one is opened for each Terraform run. */
interface Common {
  /** By address of Fly: what one run has used up, another cannot use again. */
  readonly budgets: Map<string, Budget>;
  /** By address and token: what was read for all runs. Absent: each run reads for itself. */
  readonly readers?: Map<string, MemoizedReader>;
}

const budgets: Common["budgets"] = new Map();

/** The Fly provider, `hotdash/fly`. */
export const fly = flyProvider({ budgets });

/** Opens the session of one Terraform run. */
export const { openSession } = fly;

/** What is read once for everybody who asks. For a sweep over many stacks, in which nothing is applied. */
export interface Snapshot {
  readonly openSession: OpenSession;
  /** The reader that sessions with the token and the addresses of `env` have; made of `fly` when there is none yet. */
  remember(env: NodeJS.ProcessEnv, fly: FlyReader): FlyReader;
}

export function openSnapshot(): Snapshot {
  const readers: Common["readers"] = new Map();
  const { openSession } = flyProvider({ budgets, readers });
  return { openSession, remember: (env, fly) => kept(readers, keyOf(env, tokenIn(env)), () => memoize(fly)) };
}

const keyOf = (env: NodeJS.ProcessEnv, token = "") => JSON.stringify([addressesFrom(env), token]);

const tokenIn = (env: NodeJS.ProcessEnv, name?: string): string | undefined =>
  env[name ?? "FLY_API_TOKEN"] || (name === undefined ? env.FLY_ACCESS_TOKEN : undefined);

/** The provider with what its sessions are to have in common. */
export function flyProvider({ budgets, readers }: Common) {
  return defineProvider({
    name: "fly",
    version,
    summary:
      "Fly.io: apps, process groups and what belongs to them. The token comes from an env var; the addresses from flyctl's own (FLY_FLAPS_BASE_URL, FLY_API_BASE_URL, FLY_UIEX_BASE_URL).",
    attributes: settings,
    resources,
    dataSources,
    describeError,

    configure({ organization, stack, token_env, local_state }, env) {
      const addresses = addressesFrom(env);
      const token = tokenIn(env, token_env ?? undefined);
      if (!token) throw new Problem(tokenMissing(token_env ?? "FLY_API_TOKEN"));
      const client = open({
        ...addresses,
        token,
        budget: kept(budgets, addresses.machinesUrl, () => new Budget(systemClock)),
        userAgent: `hotdash-infra/${version}`,
        onWrite: (subject) => reader.forget(subject),
      });
      if (local_state && !isLoopback(addresses.machinesUrl)) throw new Problem(localState(addresses.machinesUrl));
      const read = () => memoize(asReader(client));
      const reader = readers ? kept(readers, keyOf(env, token), read) : read();
      return { reader, writer: client, settings: { organization, stack, env, now: Date.now } };
    },
  });
}

/** The value under this key, made when there is none. */
function kept<T>(map: Map<string, T>, key: string, make: () => T): T {
  const value = map.get(key) ?? make();
  map.set(key, value);
  return value;
}

function open(options: Parameters<typeof createFly>[0]) {
  try {
    return createFly(options);
  } catch (error) {
    throw new Problem({
      summary: "Fly's address or token is refused",
      detail: error instanceof Error ? error.message : String(error),
    });
  }
}

function tokenMissing(name: string) {
  return {
    summary: "No token for Fly",
    detail: `Env var ${name} is not set. Make a token (fly tokens create org, or readonly for a plan) and type: export ${name}=... Nothing was read. For the sandbox: eval "$(npx infra sandbox env)" [fly/token-missing]`,
  };
}

function localState(address: string) {
  return {
    summary: "The state is a local file and Fly is the real one",
    detail: `Fly is at ${address}, and the state of this stack is kept in a file on this machine, where nobody else finds it and a lost disk loses it. Nothing was read. Configure a backend (pg, s3 or HCP), allow it with state.allowLocal, or use the sandbox: eval "$(npx infra sandbox env)" [fly/local-state]`,
  };
}
