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

/** A request that had to wait leaves this much later than allowed, in ms: clocks do not run quite alike. */
const slackMs = 20;
/** A request is taken to have reached Fly by its answer, or after this many ms, however long Fly works on it. */
const underwayMs = 1000;

interface Bucket {
  /** When the bucket is full again, in ms, if nothing more leaves. */
  fullAt: number;
  /** Requests that left and may not have been counted yet: when each left. */
  readonly underway: Set<{ readonly left: number }>;
  /** Settles when the last request that asked before has left. */
  turn: Promise<unknown>;
}

/**
 * Lets requests through so that none exceeds its limit, however late it arrives: a token refills from the answer on,
 * since on the way one request may gain on another. Keys do not wait for each other.
 */
export class Budget {
  readonly #buckets = new Map<string, Bucket>();
  readonly #clock: Clock;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /**
   * Waits until the request may leave. Callers of one key leave in the order in which they came.
   * @returns what to call when its answer is there
   */
  async take(key: string, limit: Limit, signal?: AbortSignal): Promise<() => void> {
    const bucket = this.#bucket(key);
    const turn = bucket.turn.then(() => this.#leave(bucket, limit, signal));
    bucket.turn = turn.catch(() => undefined);
    return turn;
  }

  /** Fly said "too many": nothing more of this key leaves for `ms`, then one at a time. */
  hold(key: string, limit: Limit, ms: number): void {
    const bucket = this.#bucket(key);
    const emptyUntil = this.#clock.now() + ms + (limit.burst - 1) * spacingOf(limit);
    bucket.fullAt = Math.max(bucket.fullAt, emptyUntil);
  }

  async #leave(bucket: Bucket, limit: Limit, signal?: AbortSignal): Promise<() => void> {
    const spacing = spacingOf(limit);
    const { underway } = bucket;
    const counted = (request: { readonly left: number }, at: number): void => {
      if (underway.delete(request)) bucket.fullAt = Math.max(at, bucket.fullAt) + spacing;
    };
    for (;;) {
      const now = this.#clock.now();
      for (const request of underway) if (request.left + underwayMs <= now) counted(request, request.left + underwayMs);
      const spent = Math.max(0, bucket.fullAt - now) / spacing + underway.size;
      const wait = (spent - (limit.burst - 1)) * spacing;
      if (wait <= 0) break;
      await this.#clock.sleep(Math.ceil(wait) + slackMs, signal);
    }
    const request = { left: this.#clock.now() };
    underway.add(request);
    return () => counted(request, this.#clock.now());
  }

  #bucket(key: string): Bucket {
    const known = this.#buckets.get(key);
    if (known) return known;
    const made: Bucket = { fullAt: 0, underway: new Set(), turn: Promise.resolve() };
    this.#buckets.set(key, made);
    return made;
  }
}

const spacingOf = ({ perSecond }: Limit): number => 1000 / perSecond;
