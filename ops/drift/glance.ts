/** A fast look: which stacks have to be read in full again, by what the last full sweep recorded and listings show now. */
import type { FlyReader } from "../../api/fly";
import type { Unread } from "../../report/model";
import { declaredIn } from "../declared";
import type { Stack } from "../project";
import { declarationOf, type Heartbeat } from "./heartbeat";
import { type Sighting, sightingOf } from "./sighting";

export interface Glance {
  /** To be read in full, each with why. */
  readonly due: readonly { readonly stack: Stack; readonly why: string }[];
  readonly unread: readonly Unread[];
}

/** @throws FlyError; Failure without a token, where listings are needed */
export async function glanceAt(
  stacks: readonly Stack[],
  { stacks: known, seen }: Heartbeat,
  fly: () => FlyReader,
): Promise<Glance> {
  const judged = stacks.map((stack) => ({ stack, why: whyAlways(stack, known[stack.name]), ...declaredIn([stack]) }));
  const organizations = new Set(judged.flatMap((one) => (one.why || one.apps.length === 0 ? [] : one.organizations)));
  const now: Sighting = organizations.size > 0 ? await sightingOf([...organizations], fly()) : {};
  const due: Glance["due"][number][] = [];
  const unread: Unread[] = [];
  for (const { stack, why, apps } of judged) {
    const moved = apps.find((app) => now[app] === undefined || now[app] !== seen[app]);
    const reason = why ?? (moved === undefined ? undefined : `app ${moved} moved`);
    const since = known[stack.name]?.checked_at;
    if (reason !== undefined || since === undefined) due.push({ stack, why: reason ?? "it is new" });
    else unread.push({ stack: stack.name, since, listed: apps.length > 0 });
  }
  return { due, unread };
}

function whyAlways(stack: Stack, known: Heartbeat["stacks"][string] | undefined): string | undefined {
  if (!known) return "it is new";
  if (!known.clean) return "it was not as declared";
  return known.declaration === declarationOf(stack) ? undefined : "its configuration changed";
}
