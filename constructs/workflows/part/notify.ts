import type { DeliveryShape } from "../../../config/delivery-shape";
import { noticeSecrets } from "../../../config/workflow-secret";
import { type Condition, context, type Trusted, text, when } from "../model/expression";
import { run } from "../model/script";
import type { Step } from "../model/step";
import { handed } from "./secret";

/** What a notice is about; `scripts/ops/notify.mjs` has a subject and a severity for each. */
export type NoticeKind =
  | "error-rate"
  | "tile-load"
  | "uptime"
  | "machine"
  | "burn-rate"
  | "secret-detected"
  | "deployed"
  | "deployment"
  | "rollback"
  | "platform-limit"
  | "budget"
  | "drift"
  | "override"
  | "backup";

/** A notice to every recipient; the job that sends it checks the scripts out first. */
export interface Notice {
  readonly kind: NoticeKind;
  /** One sentence; words of this program. */
  readonly summary: string;
  readonly if?: Condition;
  /** More lines, from steps before. */
  readonly details?: Readonly<Record<string, Trusted>>;
}

/**
 * The one step that sends notices: by e-mail to every recipient, and to the channels that the configuration adds. Recipients come from
 * `scripts/policy/policy.json`; the step fails when one of them got nothing.
 */
export function notify({ notifications }: Pick<DeliveryShape, "notifications">, notice: Notice): Step {
  const { kind, summary, details = {} } = notice;
  const lines = Object.keys(details).map((name) => `NOTICE_${name.toUpperCase().replaceAll("-", "_")}`);
  return {
    name: `Notify: ${kind}`,
    ...(notice.if && { if: notice.if }),
    env: {
      ...handed(noticeSecrets(notifications)),
      NOTICE_RUN: text`${context("github.server_url")}/${context("github.repository")}/actions/runs/${context("github.run_id")}`,
      ...Object.fromEntries(Object.values(details).map((value, index) => [lines[index] ?? "", value])),
    },
    run: run`node scripts/ops/notify.mjs --kind ${kind} --summary ${summary}`,
  };
}

/** Tells the recipients that Fly refused for its limits, and what else can be done; `kind` is what `scripts/ops/deploy.mjs` gives. */
export const limitNotice = (delivery: Pick<DeliveryShape, "notifications">, kind: Trusted): Step =>
  notify(delivery, {
    kind: "platform-limit",
    summary:
      "Fly limits how often it may be asked: run the job again in a quarter of an hour, or deploy by hand with flyctl in an emergency",
    if: when`always() && ${kind} == ${"rate limit"}`,
  });
