import type { Period } from "../../api/github";
import { durationMs } from "../../config/duration";
import { Failure } from "../failure";

const dayMs = 86_400_000;

/**
 * From when to when: each end a time ago ("90d", "36h"), a day or a time of ISO 8601; a day ends with its last second.
 *
 * @param otherwise days before now that `since` is where it is left out
 * @throws Failure for a text that is neither, or an end before the beginning
 */
export function periodOf(
  since: string | undefined,
  until: string | undefined,
  { now, otherwise }: { readonly now: Date; readonly otherwise: number },
): Period {
  const period = {
    since: since === undefined ? new Date(now.getTime() - otherwise * dayMs) : timeOf("--since", since, now),
    until: until === undefined ? now : timeOf("--until", until, now),
  };
  if (until !== undefined && isDay(until)) period.until = new Date(period.until.getTime() + dayMs - 1000);
  if (period.since <= period.until) return period;
  throw new Failure(
    `--since ${period.since.toISOString()} is later than --until ${period.until.toISOString()}. Nothing was read. [infra/audit-time]`,
  );
}

function timeOf(option: string, text: string, now: Date): Date {
  const [, days] = /^(\d{1,4})d$/.exec(text) ?? [];
  const agoMs = days === undefined ? durationMs(text) : Number(days) * dayMs;
  if (agoMs !== undefined) return new Date(now.getTime() - agoMs);
  const time = new Date(text);
  if (/^\d{4}-\d\d-\d\d(T[\d:.]+(Z|[+-]\d\d:\d\d))?$/.test(text) && !Number.isNaN(time.getTime())) return time;
  throw new Failure(
    `${option} ${text} is no time. Nothing was read. Write 90d, 36h, 2026-08-31 or 2026-08-31T09:00:00Z. [infra/audit-time]`,
  );
}

const isDay = (text: string): boolean => /^\d{4}-\d\d-\d\d$/.test(text);
