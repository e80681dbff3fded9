/** Every command, in the order of the help: one line each. */
import type { Command } from "../define-command";
import { adopt } from "./adopt/command";
import { alertsTest } from "./alerts/command";
import { apply } from "./apply/command";
import { audit } from "./audit/command";
import { bootstrap } from "./bootstrap/command";
import { check } from "./check/command";
import { confirm } from "./confirm/command";
import { cost } from "./cost/command";
import { doctor } from "./doctor/command";
import { drift } from "./drift/command";
import { overrideClose } from "./override/close";
import { overrideList } from "./override/list";
import { overrideOpen } from "./override/open";
import { parity } from "./parity/command";
import { plan } from "./plan/command";
import { previewDown } from "./preview/down";
import { previewList } from "./preview/list";
import { previewSweep } from "./preview/sweep";
import { previewUp } from "./preview/up";
import { releases } from "./releases/command";
import { review } from "./review/command";
import { rollback } from "./rollback/command";
import { env } from "./sandbox/env";
import { reset } from "./sandbox/reset";
import { start } from "./sandbox/start";
import { status } from "./sandbox/status";
import { stop } from "./sandbox/stop";
import { secretsAudit } from "./secrets/audit";
import { secretsSet } from "./secrets/set";
import { secretsSync } from "./secrets/sync";
import { secretsVerify } from "./secrets/verify";

export const commands: readonly Command[] = [
  check,
  plan,
  apply,
  drift,
  review,
  adopt,
  parity,
  releases,
  rollback,
  confirm,
  overrideOpen,
  overrideList,
  overrideClose,
  bootstrap,
  previewUp,
  previewDown,
  previewList,
  previewSweep,
  secretsVerify,
  secretsSet,
  secretsSync,
  secretsAudit,
  audit,
  cost,
  alertsTest,
  doctor,
  start,
  stop,
  status,
  reset,
  env,
];
