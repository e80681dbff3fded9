import { type Change, isServing, type Strategy, type Update } from "./change";

/** Changes that are done side by side, `parallel` at a time. */
export interface Lane {
  readonly changes: readonly Change[];
  readonly parallel: number;
}

/** Lanes that run at once; the next stage begins when all are through. */
export interface Stage {
  readonly lanes: readonly Lane[];
  /** Whether each change waits until its machine is healthy. */
  readonly wait: boolean;
}

/** Sleeping machines that are changed at once: nothing is served by them, only Fly's own patience counts. */
const coldAtOnce = 30;
const any = Number.POSITIVE_INFINITY;

/**
 * The order in which changes reach the machines; pure.
 *
 * Rolling: what is asleep, stopped or cordoned against the declaration comes back first. One machine then tries the new
 * config alone: a new one if one is to be made, else one that serves nobody, else one of those that serve. After it the rest,
 * `unavailable` of the serving at once. Machines go last, when those that stay are healthy.
 */
export function stagesOf(strategy: Strategy, changes: readonly Change[], unavailable: number): Stage[] {
  const of = <K extends Change["kind"]>(kind: K) =>
    changes.filter((change): change is Extract<Change, { kind: K }> => change.kind === kind);
  const removals = { lanes: [{ changes: of("remove"), parallel: any }], wait: false };
  if (strategy === "immediate") {
    const rest = changes.filter(({ kind }) => kind !== "remove");
    return compact([{ lanes: [{ changes: rest, parallel: any }], wait: false }, removals]);
  }
  const updates = sortUpdates(of("update"));
  const replaces = of("replace");
  const creates = of("create");
  const tried = updates.warm.length + updates.broken.length + replaces.length;
  const order = [creates, updates.broken, replaces, updates.warm];
  const spearhead = tried > 0 ? order.find((group) => group.length > 0)?.[0] : undefined;
  const rest = <C extends Change>(group: readonly C[]) => group.filter((change) => change !== spearhead);
  return compact([
    { lanes: [{ changes: [...of("start"), ...of("uncordon"), ...of("verify")], parallel: any }], wait: true },
    { lanes: [{ changes: spearhead ? [spearhead] : [], parallel: 1 }], wait: true },
    {
      lanes: [
        { changes: rest(creates), parallel: any },
        { changes: rest(updates.broken), parallel: any },
        { changes: updates.cold, parallel: coldAtOnce },
        { changes: rest(replaces), parallel: unavailable },
        { changes: rest(updates.warm), parallel: unavailable },
      ],
      wait: true,
    },
    removals,
  ]);
}

/** warm: serves now; broken: is to run and serves nobody; cold: stays asleep. */
function sortUpdates(updates: readonly Update[]) {
  const sorted = [...updates].sort((a, b) => (a.machine.id < b.machine.id ? -1 : 1));
  return {
    warm: sorted.filter(({ launch, machine }) => launch && isServing(machine)),
    broken: sorted.filter(({ launch, machine }) => launch && !isServing(machine)),
    cold: sorted.filter(({ launch }) => !launch),
  };
}

function compact(stages: readonly Stage[]): Stage[] {
  return stages
    .map((stage) => ({ ...stage, lanes: stage.lanes.filter(({ changes }) => changes.length > 0) }))
    .filter(({ lanes }) => lanes.length > 0);
}
