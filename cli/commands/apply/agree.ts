import { Failure, Interrupted } from "../../../ops/failure";
import type { PlannedStack } from "../../../ops/plan";
import type { Io } from "../../io";

/** What was agreed to on the command line. */
export interface Consent {
  /** Everything but environments that customers use. */
  readonly yes: boolean;
  /** App of the environment that customers use. */
  readonly confirm: string | undefined;
}

/**
 * Somebody agrees: by name of the app where customers use it, else by yes; what was not agreed to on the command line is asked at the terminal.
 *
 * @throws Failure without consent, Interrupted without an answer
 */
export async function agree(
  plans: readonly PlannedStack[],
  { yes, confirm }: Consent,
  signal: AbortSignal,
  io: Io,
): Promise<void> {
  const { guardOf }: typeof import("../../../ops/guard/guard") = require("../../../ops/guard/guard");
  const differing = plans.filter(({ report }) => report.outcome === "differs");
  const apps = differing.flatMap(({ stack }) => guardOf(stack)?.app ?? []);
  const open = differing.length > apps.length && !yes;
  const unconfirmed = apps.find((app) => app !== confirm);
  if (!open && unconfirmed === undefined) return;
  if (confirm !== undefined && unconfirmed !== undefined) {
    throw new Failure(
      `--confirm says "${confirm}", and the app is ${unconfirmed}. Nothing was changed. [infra/not-agreed]`,
    );
  }
  const list = differing.map(({ stack }) => stack.name).join(", ");
  if (!io.interactive) {
    const flags = [...(open ? ["--yes"] : []), ...(unconfirmed === undefined ? [] : [`--confirm ${unconfirmed}`])];
    const why = yes ? ", --yes is not enough for what customers use" : "";
    throw new Failure(
      `This would change ${list}${why}, and nobody is at a terminal to agree. Nothing was changed. Add ${flags.join(" ")} to go ahead. [infra/needs-yes]`,
    );
  }
  warnOfDestruction(differing, io);
  const expected = unconfirmed ?? "yes";
  const answer = await io.ask(`Apply this to ${list}? Only "${expected}" goes ahead: `, signal);
  if (answer === undefined) throw new Interrupted();
  if (answer.trim() !== expected) throw new Failure("Not agreed. Nothing was changed. [infra/not-agreed]");
}

function warnOfDestruction(plans: readonly PlannedStack[], io: Io): void {
  const destroyed = plans.flatMap(({ report: { stack, actions } }) =>
    Object.entries(actions).flatMap(([address, action]) =>
      action === "delete" || action === "replace" ? [`${stack} ${address}`] : [],
    ),
  );
  if (destroyed.length > 0) io.say(io.paint.say("red", `This destroys ${destroyed.join(", ")}.`));
}
