import { randomUUID } from "node:crypto";
import { z } from "zod";
import { tokenHash } from "./auth";

const effect = z.union([
  z.strictObject({ latency_ms: z.number().min(0) }),
  /** Machines younger than this are not yet seen by reads: left out of lists, 404 by id. */
  z.strictObject({ lag_ms: z.number().min(0) }),
  /** Listings of an organization have pages of this size, even empty ones, while more remains. */
  z.strictObject({ page_size: z.int().min(0) }),
  z.strictObject({
    status: z.int().min(200).max(599),
    body: z.unknown().optional(),
    headers: z.record(z.string(), z.string()).optional(),
    /** `after`: the request has its effect, and the answer is this one all the same. */
    when: z.enum(["before", "after"]).default("before"),
  }),
  /** GitHub's secondary limit: 403 with Retry-After in seconds. */
  z.strictObject({ secondary_limit_s: z.int().min(0) }),
  z.strictObject({ cut: z.enum(["before", "after"]) }),
  z.strictObject({ garbage: z.literal(true) }),
  z.strictObject({
    check: z.enum(["passing", "warning", "critical"]),
    app: z.string().optional(),
    machine: z.string().optional(),
    name: z.string().optional(),
  }),
]);

function isExpression(text: string): boolean {
  try {
    return Boolean(new RegExp(text));
  } catch {
    return false;
  }
}

/** A fault as data: what it hits, how often, and what happens. */
export const faultSchema = z.strictObject({
  match: z
    .strictObject({
      method: z.string().optional(),
      /** Regular expression over path and query. */
      path: z.string().refine(isExpression, "expected a regular expression").optional(),
      /** A token, or a kind of token. */
      token: z.string().optional(),
    })
    .default({}),
  /** How many requests it hits; absent: all. */
  times: z.int().min(1).optional(),
  /** How many matching requests pass before the first hit. */
  after: z.int().min(0).optional(),
  effect,
});

export type Fault = z.input<typeof faultSchema>;
export type Effect = z.output<typeof effect>;
type CheckEffect = Extract<Effect, { check: string }>;

/** What of a request decides whether a fault hits it. */
interface FaultTarget {
  readonly method: string;
  readonly pathAndQuery: string;
  readonly token?: string;
  readonly tokenKind: string;
}

/** The faults that are set. */
export interface FaultList {
  set(faults: readonly Fault[]): void;
  /** As set, with the number of hits; a matched token is shown by its hash. */
  list(): unknown[];
  /** Effects on this request, in the order set; counts it. */
  hit(target: FaultTarget): Effect[];
  /** The check status that a fault forces on a machine's check, if any. */
  checkStatus(app: string, machine: string, check: string): CheckEffect["check"] | undefined;
}

/** A list with no fault in it. */
export function createFaults(): FaultList {
  let faults: { id: string; fault: z.output<typeof faultSchema>; seen: number; hits: number }[] = [];
  return {
    set(given) {
      faults = given.map((fault) => ({ id: randomUUID(), fault: faultSchema.parse(fault), seen: 0, hits: 0 }));
    },
    list: () =>
      faults.map(({ fault, hits }) => ({
        ...fault,
        match: { ...fault.match, ...(fault.match.token && { token: shown(fault.match.token) }) },
        hits,
      })),
    hit: (target) =>
      faults
        .filter((entry) => {
          const { fault } = entry;
          if ("check" in fault.effect || !matches(fault.match, target)) return false;
          entry.seen += 1;
          if (entry.seen <= (fault.after ?? 0) || entry.hits >= (fault.times ?? Infinity)) return false;
          entry.hits += 1;
          return true;
        })
        .map(({ fault }) => fault.effect),
    checkStatus(app, machine, check) {
      for (const { fault } of faults) {
        const { effect } = fault;
        if (!("check" in effect)) continue;
        const hits = [effect.app ?? app, effect.machine ?? machine, effect.name ?? check];
        if (hits[0] === app && hits[1] === machine && hits[2] === check) return effect.check;
      }
      return undefined;
    },
  };
}

const tokenKinds = ["org-deploy", "org-readonly", "app-deploy", "none"];
const shown = (token: string) => (tokenKinds.includes(token) ? token : `sha256:${tokenHash(token)}`);

function matches(match: z.output<typeof faultSchema>["match"], target: FaultTarget): boolean {
  if (match.method && match.method.toUpperCase() !== target.method) return false;
  if (match.path && !new RegExp(match.path).test(target.pathAndQuery)) return false;
  return !match.token || match.token === target.tokenKind || match.token === target.token;
}
