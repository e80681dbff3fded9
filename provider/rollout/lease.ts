import { type Clock, type Fly, FlyError, type Machine } from "../../api/fly";
import { label } from "./change";

export interface LeaseOptions {
  readonly fly: Fly;
  readonly app: string;
  readonly clock: Clock;
  /** Shown to whoever meets the lease. */
  readonly description: string;
  /** How long to wait for a lease that somebody else holds. */
  readonly patienceMs: number;
  progress(step: string): void;
}

/** Short, so that a killed apply blocks nobody for long; refreshed as long as it is needed. */
const ttlSeconds = 30;
const refreshMs = 10_000;
const retryMs = 3_000;

/**
 * The leases of one roll-out. All are taken before anything changes; each is given back as soon as its machine is done,
 * because Fly's proxy cannot start a machine that is leased.
 */
export class Leases {
  readonly #options: LeaseOptions;
  readonly #nonces = new Map<string, string>();
  readonly #closing = new AbortController();
  #refreshing: Promise<void> | undefined;

  constructor(options: LeaseOptions) {
    this.#options = options;
  }

  /** Takes a lease on every machine that has none of these, or on none: throws the first refusal after giving back the others. */
  async take(machines: readonly Machine[], signal: AbortSignal): Promise<void> {
    this.#refreshing ??= this.#refresh();
    const wanted = machines.filter(({ id }) => !this.#nonces.has(id));
    const taken = await Promise.allSettled(wanted.map((machine) => this.#take(machine, signal)));
    const refused = taken.find((one) => one.status === "rejected");
    if (!refused) return;
    await Promise.all(wanted.map(({ id }) => this.give(id)));
    throw refused.reason;
  }

  /** Nonce of the lease that is held on the machine; undefined: none is. */
  nonce(id: string): string | undefined {
    return this.#nonces.get(id);
  }

  /** Gives a lease back. Quiet: one that cannot be given back ends by itself. */
  async give(id: string): Promise<void> {
    const nonce = this.#nonces.get(id);
    if (nonce === undefined) return;
    this.#nonces.delete(id);
    await this.#options.fly.machines.releaseLease(this.#options.app, id, { nonce }).catch(() => undefined);
  }

  /** Gives back all that are still held. */
  async close(): Promise<void> {
    this.#closing.abort();
    await Promise.all([...this.#nonces.keys()].map((id) => this.give(id)));
    await this.#refreshing;
  }

  async #take(machine: Machine, signal: AbortSignal): Promise<void> {
    const { fly, app, clock, description, patienceMs, progress } = this.#options;
    const deadline = clock.now() + patienceMs;
    for (;;) {
      try {
        const { nonce } = await fly.machines.acquireLease(app, machine.id, { ttlSeconds, description });
        this.#nonces.set(machine.id, nonce);
        return;
      } catch (error) {
        if (!(error instanceof FlyError)) throw error;
        if (error.kind === "not-found") return;
        if (error.kind !== "conflict" || clock.now() >= deadline) throw error;
        progress(`machine ${label(machine)}: waiting, ${error.flyMessage}`);
        await clock.sleep(retryMs, signal);
      }
    }
  }

  async #refresh(): Promise<void> {
    const { fly, app, clock } = this.#options;
    const { signal } = this.#closing;
    while (!signal.aborted) {
      const slept = await clock.sleep(refreshMs, signal).then(
        () => true,
        () => false,
      );
      if (!slept) return;
      const held = [...this.#nonces];
      await Promise.allSettled(held.map(([id, nonce]) => fly.machines.refreshLease(app, id, { nonce, ttlSeconds })));
    }
  }
}
