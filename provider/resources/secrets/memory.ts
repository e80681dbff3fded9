import type { Secret } from "../../../api/fly/types";
import type { PrivateState } from "../../framework";
import type { Fingerprint } from "./fingerprint";

/** What is kept of a secret after it was written or taken over. */
export interface Remembered {
  /** Fly's digest: opaque, so it is kept and never computed. */
  readonly digest: string;
  /** Absent for a secret that was never written here: then nothing is known of its value. */
  readonly value?: Fingerprint;
}

export type Memory = Readonly<Record<string, Remembered>>;

const key = "secrets";

/** By name; empty right after an import. */
export function recall(state: PrivateState): Memory {
  return state.get<Memory>(key) ?? {};
}

export function remember(state: PrivateState, memory: Memory): void {
  state.set(key, memory);
}

/** Whether the secret is there and as it was last written or taken over; what nothing is known of counts as such. */
export function isInStep(name: string, live: readonly Secret[], memory: Memory): boolean {
  const found = live.find((one) => one.name === name);
  const known = memory[name];
  return found !== undefined && (known === undefined || known.digest === found.digest);
}

/** The live digests as baseline, for a secret that was taken over as it is. */
export function baseline(live: readonly Secret[]): Memory {
  return Object.fromEntries(live.map(({ name, digest }) => [name, { digest }]));
}
