/** What the command line asks to be let be: findings by their ids, with what an entry of `drift-ignore.yaml` needs. */
import type { Ignore, Report } from "../../report/model";
import { Failure } from "../failure";

export interface Wish extends Pick<Ignore, "kind" | "reason" | "owner" | "until"> {
  /** Id of a finding. */
  readonly id: string;
}

interface Asked {
  readonly ignore: readonly string[];
  readonly known: readonly string[];
  readonly reason: string | undefined;
  readonly owner: string | undefined;
  readonly until: string | undefined;
}

/** @throws Failure when something is asked without a reason, an owner or a day, or these are given for nothing */
export function wishesOf({ ignore, known, reason, owner, until }: Asked): readonly Wish[] {
  const ids = [...ignore.map((id) => ["ignore", id] as const), ...known.map((id) => ["known", id] as const)];
  const given = { "--reason": reason, "--owner": owner, "--until": until };
  const lacking = Object.entries(given).flatMap(([name, value]) => (value === undefined ? [name] : []));
  if (ids.length === 0 && lacking.length === 3) return [];
  if (ids.length === 0 || lacking.length > 0) {
    const what = ids.length === 0 ? "--ignore or --known" : lacking.join(" and ");
    throw new Failure(
      `To let a finding be, ${what} is missing. Type it so: npx infra drift --ignore <id> --until 2026-12-31 --owner <login> --reason '<why>'. Nothing was read or written. [infra/drift-let-be]`,
    );
  }
  return ids.map(([kind, id]) => ({ kind, id, reason: reason ?? "", owner: owner ?? "", until: until ?? "" }));
}

/**
 * The entries that cover the findings of these ids.
 *
 * @throws Failure that names the ids of which the report has none; nothing was written then
 */
export function entriesFor(wishes: readonly Wish[], { stacks }: Report): readonly Ignore[] {
  const all = stacks.flatMap((stack) => stack.findings.map((finding) => ({ stack: stack.stack, finding })));
  const unknown = wishes.filter(({ id }) => !all.some(({ finding }) => finding.id === id));
  if (unknown.length > 0) {
    throw new Failure(
      `No finding has the id ${unknown.map(({ id }) => id).join(", ")}. Nothing was written. See the ids: npx infra drift [infra/drift-finding]`,
    );
  }
  return wishes.flatMap(({ id, kind, reason, owner, until }): readonly Ignore[] => {
    const found = all.find(({ finding }) => finding.id === id);
    if (!found) return [];
    const { address, path } = found.finding;
    return [{ kind, stack: found.stack, address, path, reason, owner, until }];
  });
}
