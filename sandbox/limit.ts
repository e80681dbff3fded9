import type { Clock } from "./clock";
import { ApiError } from "./error";

/** Tokens per second, and the most that can be saved up. */
export interface Rate {
  readonly perSecond: number;
  readonly burst: number;
}

/** Fly's published rates. @see fly docs machines/api/working-with-machines-api (read 2026-08) */
export const rates = {
  action: { perSecond: 1, burst: 3 },
  getMachine: { perSecond: 5, burst: 10 },
  deleteApp: { perSecond: 100 / 60, burst: 100 },
} as const satisfies Record<string, Rate>;

/** Token buckets, one per action and object. */
export interface Limiter {
  /** Takes one token. @throws 429 with Retry-After when there is none */
  take(action: string, object: string, rate: Rate): void;
  reset(): void;
}

/** @param limits `off` lets everything pass */
export function createLimiter(clock: Clock, limits: "fly" | "off"): Limiter {
  const buckets = new Map<string, { tokens: number; at: number }>();
  return {
    take(action, object, rate) {
      if (limits === "off") return;
      const key = `${action} ${object}`;
      const now = clock.now();
      const bucket = buckets.get(key) ?? { tokens: rate.burst, at: now };
      bucket.tokens = Math.min(rate.burst, bucket.tokens + ((now - bucket.at) / 1000) * rate.perSecond);
      bucket.at = now;
      buckets.set(key, bucket);
      if (bucket.tokens < 1) {
        const seconds = Math.max(1, Math.ceil((1 - bucket.tokens) / rate.perSecond));
        throw new ApiError(429, "rate limit exceeded", undefined, { "Retry-After": String(seconds) });
      }
      bucket.tokens -= 1;
    },
    reset: () => buckets.clear(),
  };
}
