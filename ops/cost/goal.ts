import type { ActionsUse } from "./actions";

/** What CI is to reach. */
export interface Goal {
  /** One sentence with what is and what is to be. */
  readonly text: string;
  /** null: not known. */
  readonly met: boolean | null;
}

/** Caching is to take at least this much less time (specification, section 7.2). */
const leastSavedPercent = 60;

/** How CI and its caches stand against their goals. @param maxMinutes limit of a CI run */
export function goalsOf({ ci, cache, days }: ActionsUse, maxMinutes = 10): readonly Goal[] {
  return [ciGoal(ci, maxMinutes), cacheGoal(cache, days)];
}

function ciGoal(ci: ActionsUse["ci"], maxMinutes: number): Goal {
  if (!ci) return { text: "CI has not run.", met: null };
  const { meanSeconds, longestSeconds } = ci;
  return {
    text: `CI takes ${time(meanSeconds)}, at most ${time(longestSeconds)}; the limit is ${maxMinutes} min.`,
    met: longestSeconds <= maxMinutes * 60,
  };
}

function cacheGoal(cache: ActionsUse["cache"], days: number): Goal {
  if (!cache) return { text: "What caches save is not known: no run tells.", met: null };
  const { hits, misses, savedPercent: saved, savedMinutes } = cache;
  const found = `${hits} of ${hits + misses} runs found them`;
  if (saved === null) {
    return { text: `What caches save is not known: ${found}, and runs of both kinds are needed.`, met: null };
  }
  return {
    text: `Caches save ${saved}% of the time that they serve, ${savedMinutes} minutes in ${days} days; the goal is ${leastSavedPercent}%. ${found}.`,
    met: saved >= leastSavedPercent,
  };
}

const time = (seconds: number): string => `${Math.floor(seconds / 60)} min ${seconds % 60} s`;
