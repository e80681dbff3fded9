import { setTimeout } from "node:timers/promises";

/** The health check of a new preview (specification, section 7.5). */
export const patience = { attempts: 5, pauseMs: 10_000 } as const;

/**
 * Asks until the answer is 200, a few times.
 *
 * @returns the last status; 0: no answer
 */
export async function untilAnswers(
  url: string,
  signal: AbortSignal,
  { attempts, pauseMs }: { readonly attempts: number; readonly pauseMs: number } = patience,
): Promise<number> {
  const answer = await fetch(url, {
    redirect: "manual",
    signal: AbortSignal.any([signal, AbortSignal.timeout(5_000)]),
  }).catch(() => undefined);
  await answer?.body?.cancel();
  if (answer?.status === 200 || attempts <= 1 || signal.aborted) return answer?.status ?? 0;
  await setTimeout(pauseMs, undefined, { signal }).catch(() => {});
  return untilAnswers(url, signal, { attempts: attempts - 1, pauseMs });
}
