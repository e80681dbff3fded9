import { readFileSync, renameSync, writeFileSync } from "node:fs";
import { emptyGithub, type GithubState } from "./github/state";
import type { AppRow, MachineRow, OrganizationRow, TokenRow, UserRow } from "./row";

/** All that the sandbox knows; everything here goes into the state file, so no secret value may stand in it. */
export interface State {
  format: 1;
  /** Counter behind every id. */
  sequence: number;
  organizations: Map<string, OrganizationRow>;
  /** By e-mail. */
  users: Map<string, UserRow>;
  /** By SHA-256 of the token. */
  tokens: Map<string, TokenRow>;
  /** By name: names are one namespace over all organizations. */
  apps: Map<string, AppRow>;
  /** Regions that do not answer. */
  regionsDown: Set<string>;
  /** Regions that answer and have no room for a new machine. */
  regionsFull: Set<string>;
  /** Images that the registry has lost, as they were written; absent: none. */
  imagesLost?: Set<string>;
  github: GithubState;
}

/** The state, the secret values (in memory only) and the way to the state file. */
export interface Store {
  /** Where the state is kept; undefined: in memory. */
  readonly file: string | undefined;
  readonly state: State;
  /** Values of secrets by `app/name`; lost at the end of the process, the digests stay. */
  readonly secretValues: Map<string, string>;
  /** Says that the state has changed: it is written soon, several changes at once. */
  touch(): void;
  /** Writes what is not yet written. */
  flush(): void;
}

/** A state with nothing in it. */
export function emptyState(): State {
  return {
    format: 1,
    sequence: 0,
    organizations: new Map(),
    users: new Map(),
    tokens: new Map(),
    apps: new Map(),
    regionsDown: new Set(),
    regionsFull: new Set(),
    github: emptyGithub(),
  };
}

/** Time in ms for which a change is in memory only; longer when the last write took long, see {@link openStore}. */
const writeDelayMs = 50;

/**
 * Opens the state file, or keeps the state in memory when there is none.
 * Writing takes at most a tenth of the time, however large the state is.
 */
export function openStore(file: string | undefined): Store {
  let timer: NodeJS.Timeout | undefined;
  let delayMs = writeDelayMs;
  const store: Store = {
    file,
    state: (file && load(file)) || emptyState(),
    secretValues: new Map(),
    touch() {
      if (file && !timer) timer = setTimeout(store.flush, delayMs).unref();
    },
    flush() {
      if (!file || !timer) return;
      clearTimeout(timer);
      timer = undefined;
      const startedAt = performance.now();
      writeFileSync(`${file}.new`, serialize(store.state), { mode: 0o600 });
      renameSync(`${file}.new`, file);
      delayMs = Math.max(writeDelayMs, 10 * (performance.now() - startedAt));
    },
  };
  return store;
}

/** The state as JSON; maps are `{"$map": [[key, value], ...]}` and sets `{"$set": [...]}`. */
export function serialize(state: State): string {
  return JSON.stringify(state, (_key, value: unknown) => {
    if (value instanceof Map) return { $map: [...value] };
    return value instanceof Set ? { $set: [...value] } : value;
  });
}

function load(file: string): State | undefined {
  let text: string;
  try {
    text = readFileSync(file, "utf8");
  } catch {
    return undefined;
  }
  const state = parse(text);
  if (state?.format !== 1)
    throw new Error(`${file} is not a state file of this sandbox. Move it away, or name another. [sandbox/state-file]`);
  // A file from before GitHub was played has no part of it.
  return { ...emptyState(), ...state };
}

/** undefined: it is no JSON. */
function parse(text: string): State | undefined {
  try {
    return JSON.parse(text, (_key, value) => {
      if (Array.isArray(value?.$map)) return new Map(value.$map);
      return Array.isArray(value?.$set) ? new Set(value.$set) : value;
    });
  } catch {
    return undefined;
  }
}

/** Apps of an organization that still exist. */
export function appsOf(state: State, org: string): AppRow[] {
  return [...state.apps.values()].filter((app) => app.org === org);
}

/** Machines of an app that are neither destroyed nor on the way to it. */
export function liveMachines(app: AppRow): MachineRow[] {
  return [...app.machines.values()].filter(({ state }) => state !== "destroyed" && state !== "destroying");
}
