/** Whether enough versions stay ready to go back to: one of the checks beside the plans. */
import type { FlyReader } from "../../api/fly";
import type { Check } from "../../report/model";
import { operationOf } from "../declared";
import { Failure } from "../failure";
import type { Stack } from "../project";
import { versionsOf } from "./roll-back";
import { type Target, targetOf } from "./target";

const name = "Ready versions";

/**
 * Fails for each environment that has fewer versions to go back to than its stack wants ready. One that was never deployed runs nothing that
 * could be gone back from. Two calls for each.
 *
 * @param fly undefined: this shell has no token for Fly
 */
export async function readyCheck(stacks: readonly Stack[], fly: FlyReader | undefined): Promise<Check> {
  const wanted = stacks.flatMap((stack) => {
    const least = operationOf([stack])?.rollback.readyVersions;
    const target = deployed(stack);
    return least === undefined || !target ? [] : [{ target, least }];
  });
  if (wanted.length === 0) return { name, verdict: "skip", lines: ["no stack here says how many"] };
  if (!fly) return { name, verdict: "error", lines: ["FLY_API_TOKEN is not set"] };
  const read = await Promise.all(
    wanted.map(async (one) => ({ ...one, versions: await versionsOf(fly, one.target.app) })),
  );
  const started = read.filter(({ versions }) => versions.length > 0);
  if (started.length === 0) return { name, verdict: "skip", lines: ["nothing was deployed yet"] };
  const lines = started.flatMap(({ target, least, versions }) => {
    const ready = versions.filter(({ standing }) => standing === "ready").length;
    if (ready >= least) return [];
    const see = `npx infra releases ${target.environment}`;
    return [`${target.environment} (${target.app}) has ${ready} of ${least} versions to go back to; see them: ${see}`];
  });
  return { name, verdict: lines.length > 0 ? "fail" : "pass", lines };
}

/** undefined: no release decides what this stack runs. */
function deployed(stack: Stack): Target | undefined {
  try {
    return targetOf(stack);
  } catch (error) {
    if (error instanceof Failure) return undefined;
    throw error;
  }
}
