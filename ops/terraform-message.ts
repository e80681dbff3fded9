/**
 * The lines that `terraform plan -json` and `apply -json` print.
 *
 * @see https://developer.hashicorp.com/terraform/internals/machine-readable-ui (version 1.x)
 */
import type { Trouble } from "../report/model";

/** One step of a run, for progress. */
export interface Step {
  /** "lock": another run holds the state, and this one waits for it. */
  readonly kind: "refresh" | "apply" | "lock";
  /** "start" and "progress" go on; "done" and "failed" end the resource's step. */
  readonly phase: "start" | "progress" | "done" | "failed";
  /** Empty where it is about no resource. */
  readonly address: string;
  /** create, update, delete, read; absent on refresh. */
  readonly action?: string;
  readonly elapsedSeconds?: number;
}

interface Line {
  readonly type?: string;
  readonly diagnostic?: {
    readonly severity: "error" | "warning";
    readonly summary: string;
    readonly detail?: string;
    readonly address?: string;
    readonly snippet?: { readonly context?: string | null; readonly code?: string };
  };
  readonly hook?: {
    readonly resource?: { readonly addr: string };
    readonly action?: string;
    readonly elapsed_seconds?: number;
  };
}

/** What one line says: a step, a diagnostic, or nothing that we tell. Lines that are no JSON say nothing. */
export function readLine(text: string): { readonly step?: Step; readonly trouble?: Trouble } {
  const line = parse(text);
  if (line?.diagnostic?.summary === UNDECIDED) return {};
  if (line?.diagnostic) return { trouble: troubleOf(line.diagnostic) };
  if (line?.type === "state_lock_acquire") return { step: { kind: "lock", phase: "start", address: "" } };
  const phase = PHASES[line?.type ?? ""];
  if (!phase || !line?.hook?.resource) return {};
  const { resource, action, elapsed_seconds } = line.hook;
  return { step: { ...phase, address: resource.addr, action, elapsedSeconds: elapsed_seconds } };
}

/** Terraform says so of each check whose values the apply will bring; the plan after it decides. */
const UNDECIDED = "Check block assertion known after apply";

const PHASES: Readonly<Record<string, Pick<Step, "kind" | "phase">>> = {
  refresh_start: { kind: "refresh", phase: "start" },
  refresh_complete: { kind: "refresh", phase: "done" },
  apply_start: { kind: "apply", phase: "start" },
  apply_progress: { kind: "apply", phase: "progress" },
  apply_complete: { kind: "apply", phase: "done" },
  apply_errored: { kind: "apply", phase: "failed" },
};

/**
 * Terraform's refusal of a state that another run holds, in words that name the holder and what to type; any other trouble as it is.
 * `directory` is the stack's.
 */
export function withHolder(trouble: Trouble, directory: string): Trouble {
  if (trouble.summary !== "Error acquiring the state lock") return trouble;
  const told = (name: string) => new RegExp(`^ *${name}: +(\\S.*)$`, "m").exec(trouble.detail)?.[1];
  const [id, who, created, operation] = ["ID", "Who", "Created", "Operation"].map(told);
  if (!id || !who) return trouble;
  const since = created ? ` since ${created.replace(/\.\d+/, "").replace(/ \+0000/, "")}` : "";
  const what = operation ? ` (${operation.replace("OperationType", "").toLowerCase()})` : "";
  return {
    severity: "error",
    summary: "Another run holds the lock of this state",
    detail: `${who} has held it${since}${what}. Nothing was changed. Run this again when that run is done. If it has died without letting go: terraform -chdir=${directory} force-unlock ${id} [terraform/locked]`,
  };
}

function parse(text: string): Line | undefined {
  try {
    return text.startsWith("{") ? (JSON.parse(text) as Line) : undefined;
  } catch {
    return undefined;
  }
}

/** Terraform gives no attribute path, but the snippet's code names the attribute it points at ("  size_gb = 10", "\"size_gb\": 10"). */
function troubleOf({ severity, summary, detail = "", address, snippet }: NonNullable<Line["diagnostic"]>): Trouble {
  const attribute = /^\s*"?([a-z][a-z0-9_]*)"?\s*[:=]/.exec(snippet?.code ?? "")?.[1];
  return { severity, summary, detail, address, path: attribute };
}
