import type { Clock } from "./clock";

/** How often one action may be done to one app or machine. */
export interface Limit {
  readonly perSecond: number;
  readonly burst: number;
}

/**
 * Fly's published limits, per action and machine (per app for what is not about one machine).
 *
 * A listing keeps one request of its burst back: the run before this one, a second ago, may have used it.
 * @see https://fly.io/docs/machines/api/working-with-machines-api/ (read 2026-08)
 */
export const limits = {
  write: { perSecond: 1, burst: 3 },
  list: { perSecond: 1, burst: 2 },
  readMachine: { perSecond: 5, burst: 10 },
  deleteApp: { perSecond: 100 / 60, burst: 20 },
} as const satisfies Record<string, Limit>;

/** A request that had to wait leaves this much later than allowed, in ms: on the way one may gain on another. */
const slackMs = 100;

/** Lets requests through so that none exceeds its limit. Keys do not wait for each other. */
export class Budget {
  /** Per key: when the bucket is full again, in ms. */
  readonly #fullAt = new Map<string, number>();
  readonly #clock: Clock;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** Returns when the request may leave. Callers of one key leave in the order in which they came. */
  async take(key: string, limit: Limit, signal?: AbortSignal): Promise<void> {
    const spacing = 1000 / limit.perSecond;
    const now = this.#clock.now();
    const fullAt = Math.max(now, this.#fullAt.get(key) ?? 0);
    this.#fullAt.set(key, fullAt + spacing);
    const wait = fullAt - now - (limit.burst - 1) * spacing;
    if (wait > 0) await this.#clock.sleep(Math.ceil(wait) + slackMs, signal);
  }

  /** Fly said "too many": nothing more of this key leaves for `ms`, then one at a time. */
  hold(key: string, limit: Limit, ms: number): void {
    const spacing = 1000 / limit.perSecond;
    const emptyUntil = this.#clock.now() + ms + (limit.burst - 1) * spacing;
    this.#fullAt.set(key, Math.max(this.#fullAt.get(key) ?? 0, emptyUntil));
  }
}
