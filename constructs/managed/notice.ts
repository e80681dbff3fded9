/** How urgent a notice is. */
export type Severity = "info" | "warning" | "critical";

/**
 * Every kind of notice and how urgent it is: the alerts of spec.md 10.5, and what else the recipients are told.
 * `scripts/ops/notify.mjs` takes no other kind.
 */
export const noticeKinds = {
  "error-rate": "warning",
  "tile-load": "critical",
  uptime: "critical",
  machine: "critical",
  "burn-rate": "warning",
  "secret-detected": "critical",
  deployment: "critical",
  "platform-limit": "warning",
  budget: "warning",
  drift: "warning",
  override: "warning",
  rollback: "warning",
  backup: "critical",
} as const satisfies Readonly<Record<string, Severity>>;

/** A kind of notice, such as "deployment". */
export type NoticeKind = keyof typeof noticeKinds;
