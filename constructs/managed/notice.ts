import type { NoticeKind } from "../workflows/part/notify";

/** How urgent a notice of each kind is: the alerts of the product specification (10.5), and what else the recipients are told. */
export const severities = {
  "error-rate": "warning",
  "tile-load": "critical",
  uptime: "critical",
  machine: "critical",
  "burn-rate": "warning",
  "secret-detected": "critical",
  deployed: "info",
  deployment: "critical",
  rollback: "warning",
  "platform-limit": "warning",
  budget: "warning",
  drift: "warning",
  override: "warning",
  backup: "critical",
} as const satisfies Readonly<Record<NoticeKind, "info" | "warning" | "critical">>;
