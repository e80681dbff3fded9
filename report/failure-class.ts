/** Which class an error is of, by its id: the one table, for the terminal, for JSON and for who acts on it. */

/** "command": how a command was called; everything else says where the cause lies. */
type FailureClass =
  | "build"
  | "deployment"
  | "secret detected"
  | "rate limit"
  | "platform limit"
  | "token"
  | "guard rail"
  | "platform"
  | "state"
  | "configuration"
  | "command"
  | "internal";

/** The first line that fits decides. */
const TABLE: readonly (readonly [FailureClass, RegExp])[] = [
  ["internal", /^(infra\/internal|provider\/(bug|protocol-version|not-as-planned|null-element|wrong-shape))$/],
  ["rate limit", /\/rate-limited$/],
  ["platform limit", /^(fly\/(quota|no-capacity)|github\/reviewers-plan)$/],
  ["secret detected", /^(infra\/preview-production-value|secrets\/(leak|name|production-value|vault-exposed))$/],
  ["build", /^infra\/image-build$/],
  [
    "deployment",
    /^(fly\/(rollout-(failed|stopped)|machine-stuck|cannot-repair)|infra\/(rollback-(broken|restored)|preview-(failed|left|unhealthy)|bootstrap-failed|database|image-lost))$/,
  ],
  [
    "token",
    /^(fly\/token-.*|(infra|github)\/no-token|github\/(unauthorized|forbidden|token-malformed|scope|workflow-scope|hidden))$/,
  ],
  [
    "guard rail",
    /^(infra\/(guard-.*|checksum|not-reviewed|review-(refused|stale)|reviewed-file|needs-yes|not-agreed|preview-fork)|sandbox\/not-loopback|fly\/(app-protected|app-has-volumes|local-state|plain-http|undeclared-found)|github\/(protected|plan-changed|secret-scanning|push-protection|merge-.*))$/,
  ],
  [
    "platform",
    /^(fly\/(ambiguous-create|conflict|host-unreachable|leased|malformed|no-app|not-found|precondition|refused|timeout|unavailable|unreachable)|github\/(conflict|malformed|moved|not-found|partial|refused|unavailable|unreachable|archived))$/,
  ],
  ["state", /^(terraform|provider)\//],
  ["configuration", /^(config|synth|workflow|fly|github)\//],
  ["command", /^(infra|sandbox|secrets)\//],
];

/** What a message says of itself: its stable id, its class, and the next step. null: it has none. */
export interface FailureFacts {
  readonly class: FailureClass | null;
  readonly id: string | null;
  /** Without the id. */
  readonly message: string;
  readonly next: string | null;
}

/** Reads the facts out of a message that ends in its id in brackets. */
export function failureFacts(text: string): FailureFacts {
  const [, message = text, id] = /^([\s\S]*?)\s*\[([a-z]+\/[a-z0-9-]+)\]\s*$/.exec(text) ?? [];
  return { class: id === undefined ? null : classOf(id), id: id ?? null, message, next: nextStep(message) };
}

/** The class of a stable id; null: no id of ours. */
export const classOf = (id: string): FailureClass | null => TABLE.find(([, pattern]) => pattern.test(id))?.[0] ?? null;

/** How an error is announced: "Error", or with a class that says more. */
export function announced(text: string): string {
  const { class: known } = failureFacts(text);
  return known === null || known === "command" ? "Error:" : `Error (${known}):`;
}

/** What stands behind "Nothing was changed." and its like, else the last sentence; messages end in what to do. */
function nextStep(message: string): string | null {
  const sentences = message.split(/(?<=[.?!:])\s+(?=["A-Z])|\n/).map((one) => one.trim());
  const not = sentences.findLastIndex((one) => /^(Nothing|None|It|This) (else )?(was|were) (not )?\w+/.test(one));
  const after = sentences.slice(not + 1);
  if (not >= 0 && after.length > 0) return after.join(" ");
  const before = sentences.slice(0, not < 0 ? undefined : not);
  return before.length > 1 ? (before.at(-1) ?? null) : null;
}
