/** Compares two environments; pure. */
import type { Side } from "./side";

export interface ParityRow {
  /** What is compared: "status", "secret DATABASE_URL", "size of group app", ... */
  readonly what: string;
  readonly left: string;
  readonly right: string;
  /** "declared": the configuration wants them to differ. "differs": it does not, or one of them is not as declared. */
  readonly verdict: "same" | "declared" | "differs";
  /** What to do about a difference. */
  readonly action?: string;
}

/** Every aspect of the specification's section 12, one row each; secrets and groups have a row of their own where they differ. */
export function compare(left: Side, right: Side): readonly ParityRow[] {
  return [
    ...status(left, right),
    ...secrets(left, right),
    ...groups(left, right),
    ...versions(left, right),
    ...health(left, right),
  ];
}

function status(left: Side, right: Side): readonly ParityRow[] {
  const [a, b] = [left.live.status ?? "missing", right.live.status ?? "missing"];
  const off = [left, right].filter(({ live }) => live.status !== "deployed");
  if (off.length === 0) return [{ what: "status", left: a, right: b, verdict: "same" }];
  const action = off
    .map(({ live, app, environment }) =>
      live.status === undefined ? `npx infra apply ${environment}` : `fly status -a ${app}`,
    )
    .join("; ");
  return [{ what: "status", left: a, right: b, verdict: "differs", action }];
}

function secrets(left: Side, right: Side): readonly ParityRow[] {
  const names = [...new Set([...left.live.secrets, ...right.live.secrets])].sort();
  const rows = names.flatMap((name): ParityRow[] => {
    const [inLeft, inRight] = [left, right].map(({ live }) => live.secrets.includes(name));
    if (inLeft && inRight) return [];
    const [has, lacks] = inLeft ? [left, right] : [right, left];
    const wanted = has.declared.secrets.includes(name) && !lacks.declared.secrets.includes(name);
    const action = lacks.declared.secrets.includes(name)
      ? `set the value's source and run npx infra apply ${lacks.environment}`
      : `declare ${name} for ${lacks.environment}, or remove it: fly secrets unset ${name} -a ${has.app}`;
    return [
      {
        what: `secret ${name}`,
        left: inLeft ? "present" : "missing",
        right: inRight ? "present" : "missing",
        verdict: wanted ? "declared" : "differs",
        ...(!wanted && { action }),
      },
    ];
  });
  if (rows.length > 0) return rows;
  return [{ what: "secrets", left: `${names.length} names`, right: `${names.length} names`, verdict: "same" }];
}

function groups(left: Side, right: Side): readonly ParityRow[] {
  const names = [...new Set([...Object.keys(left.declared.guests), ...Object.keys(right.declared.guests)])].sort();
  return names.flatMap((name) => [
    row(`size of group ${name}`, left, right, {
      shown: ({ live }) => live.guests[name]?.join(" and ") || "none",
      asDeclared: ({ live, declared }) =>
        declared.guests[name] === undefined ||
        (live.guests[name] ?? []).every((size) => size === declared.guests[name]),
    }),
    row(`machines of group ${name}`, left, right, {
      shown: ({ live }) => String(live.counts[name] ?? 0),
      asDeclared: ({ live, declared }) => {
        const { least, most } = declared.counts[name] ?? { least: 0, most: 0 };
        const count = live.counts[name] ?? 0;
        return count >= least && count <= most;
      },
    }),
  ]);
}

interface Aspect {
  shown(side: Side): string;
  asDeclared(side: Side): boolean;
}

/** A difference that the configuration wants is declared; one side that is not as declared is named in the action. */
function row(what: string, left: Side, right: Side, { shown, asDeclared }: Aspect): ParityRow {
  const [a, b] = [shown(left), shown(right)];
  const off = [left, right].filter((side) => !asDeclared(side));
  if (off.length > 0) {
    const action = `npx infra plan ${off.map(({ environment }) => environment).join(" ")}, then apply`;
    return { what, left: a, right: b, verdict: "differs", action };
  }
  return { what, left: a, right: b, verdict: a === b ? "same" : "declared" };
}

/** Images of two apps have two names, so only their tags can be compared; the pipeline brings production behind staging. */
function versions(left: Side, right: Side): readonly ParityRow[] {
  const [a, b] = [left, right].map(({ live }) => live.image ?? "none");
  const tag = (image = "") => image.slice(image.lastIndexOf("/")).split(/[:@]/)[1];
  const alike = a === b || (tag(a) !== undefined && tag(a) === tag(b));
  const missing = [left, right].filter(({ live }) => live.image === undefined);
  return [
    {
      what: "version",
      left: a ?? "",
      right: b ?? "",
      verdict: missing.length > 0 ? "differs" : alike ? "same" : "declared",
      ...(missing.length > 0 && { action: `deploy ${missing.map(({ environment }) => environment).join(", ")}` }),
    },
  ];
}

function health(left: Side, right: Side): readonly ParityRow[] {
  const shown = ({ live }: Side) => (live.unwell.length > 0 ? live.unwell.join(", ") : "well");
  const off = [left, right].filter(({ live }) => live.unwell.length > 0);
  const action = off.map(({ app }) => `fly checks list -a ${app}`).join("; ");
  return [
    {
      what: "health",
      left: shown(left),
      right: shown(right),
      verdict: off.length > 0 ? "differs" : "same",
      ...(off.length > 0 && { action }),
    },
  ];
}
