import type { Excuse } from "../../../ops/guard/guard";
import type { PlannedStack } from "../../../ops/plan";
import type { Io } from "../../io";
import type { Session } from "../../session";
import type { Tools } from "../../tools";

/**
 * Asks the rules of production.
 *
 * @returns what records the emergency that steps over some of them, once it is agreed to; undefined: all hold
 * @throws Failure with each rule that refuses
 */
export async function passGuard(
  plans: readonly PlannedStack[],
  { all, running }: Pick<Session, "all" | "running">,
  excuse: Excuse,
  { directory, env, interruption, now }: Tools,
): Promise<((io: Io) => Promise<void>) | undefined> {
  const { guardApply }: typeof import("../../../ops/guard/guard") = require("../../../ops/guard/guard");
  const { addressesFrom, isLoopback }: typeof import("../../../api/fly") = require("../../../api/fly");
  const local = isLoopback(addressesFrom(env).machinesUrl);
  const overridden = await guardApply(plans, running, { all, now: now(), local }, excuse);
  if (overridden.length === 0) return undefined;
  return async (io) => {
    const { recordEmergency }: typeof import("../../../ops/guard/emergency") = require("../../../ops/guard/emergency");
    const record = {
      at: new Date(now()).toISOString(),
      by: env.GITHUB_ACTOR ?? env.USER ?? "unknown",
      reason: excuse.emergency ?? "",
      overridden,
    };
    const { file, notified } = await recordEmergency(record, { directory, env, interruption });
    for (const { stack, text } of overridden) io.say(`Emergency: ${stack} is changed although ${text}.`);
    io.say(`Recorded: ${file}. ${notified.says}`);
  };
}
