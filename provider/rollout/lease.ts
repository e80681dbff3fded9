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

interface Held {
  readonly nonce: string;
  /** When it was last taken or refreshed. */
  readonly since: number;
}

/** Short, so that a killed apply blocks nobody for long. */
const ttlSeconds = 30;
const refreshAfterMs = 10_000;
const retryMs = 3_000;

/**
 * The leases of one roll-out. All are taken before anything changes; each is given back as soon as its machine is done,
 * because Fly's proxy cannot start a machine that is leased.
 *
 * They are kept alive by the roll-out's own calls (`keep`), which come at least every second while it waits for health.
 */
export class Leases {
  readonly #options: LeaseOptions;
  readonly #held = new Map<string, Held>();
  #keeping: Promise<unknown> | undefined;

  constructor(options: LeaseOptions) {
    this.#options = options;
  }

  /** Takes a lease on every machine that has none of these, or on none: throws the first refusal after giving back the others. */
  async take(machines: readonly Machine[], signal: AbortSignal): Promise<void> {
    const wanted = machines.filter(({ id }) => !this.#held.has(id));
    const taken = await Promise.allSettled(wanted.map((machine) => this.#take(machine, signal)));
    const refused = taken.find((one) => one.status === "rejected");
    if (!refused) return;
    await Promise.all(wanted.map(({ id }) => this.give(id)));
    throw refused.reason;
  }

  /** Nonce of the lease that is held on the machine; undefined: none is. */
  nonce(id: string): string | undefined {
    return this.#held.get(id)?.nonce;
  }

  /** Refreshes what is due. A lease that has ended meanwhile is let go: the next write says whether somebody else has it. */
  async keep(): Promise<void> {
    const now = this.#options.clock.now();
    const due = [...this.#held].filter(([, { since }]) => now - since >= refreshAfterMs);
    if (due.length === 0) return;
    this.#keeping ??= Promise.all(due.map(([id, held]) => this.#refresh(id, held))).finally(() => {
      this.#keeping = undefined;
    });
    await this.#keeping;
  }

  /** Gives a lease back. Quiet: one that cannot be given back ends by itself. */
  async give(id: string): Promise<void> {
    const held = this.#held.get(id);
    if (!held) return;
    this.#held.delete(id);
    await this.#options.fly.machines.releaseLease(this.#options.app, id, held).catch(() => undefined);
  }

  /** Gives back all that are still held. */
  async close(): Promise<void> {
    await this.#keeping;
    await Promise.all([...this.#held.keys()].map((id) => this.give(id)));
  }

  async #take(machine: Machine, signal: AbortSignal): Promise<void> {
    const { fly, app, clock, description, patienceMs, progress } = this.#options;
    const deadline = clock.now() + patienceMs;
    for (;;) {
      signal.throwIfAborted();
      try {
        const { nonce } = await fly.machines.acquireLease(app, machine.id, { ttlSeconds, description });
        this.#held.set(machine.id, { nonce, since: clock.now() });
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

  async #refresh(id: string, { nonce }: Held): Promise<void> {
    const { fly, app, clock } = this.#options;
    try {
      await fly.machines.refreshLease(app, id, { nonce, ttlSeconds });
      if (this.#held.has(id)) this.#held.set(id, { nonce, since: clock.now() });
    } catch (error) {
      const ended = error instanceof FlyError && ["conflict", "forbidden", "not-found"].includes(error.kind);
      if (ended) this.#held.delete(id);
    }
  }
}
