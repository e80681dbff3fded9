/** Stops an apply that would not do exactly what was reviewed. */
import { Failure } from "../failure";
import type { PlannedStack, Running } from "../plan";
import { compare, type Moved } from "./compare";
import { type Reviewed, reviewedOf } from "./record";

/**
 * Compares what the plans would do with what was reviewed; nothing has been changed by then.
 *
 * @param path where the record was read, for the message
 * @throws Failure that names stack and address of everything that moved, as reviewed and as it is now
 */
export async function requireReviewed(
  plans: readonly PlannedStack[],
  running: Running,
  { record, path }: { readonly record: Reviewed; readonly path: string },
): Promise<void> {
  const moved = compare(record, await reviewedOf(plans, running));
  if (moved.length === 0) return;
  const stacks = [...new Set(moved.map(({ stack }) => stack))].join(" ");
  throw new Failure(
    [
      `This is not what was reviewed (${path}):`,
      ...moved.slice(0, MOST).map(lineOf),
      ...(moved.length > MOST ? [`  and ${moved.length - MOST} more`] : []),
      `Nothing was changed. Look at it anew, and let that be reviewed: npx infra plan ${stacks} --out ${path} [infra/not-reviewed]`,
    ].join("\n"),
  );
}

const MOST = 40;

function lineOf({ stack, what, where, text }: Moved): string {
  const name = { stack: "the stack", configuration: "configuration", state: "state", change: "" }[what];
  return `  ${[stack, name, where].filter(Boolean).join(" ")}: ${text}`;
}
