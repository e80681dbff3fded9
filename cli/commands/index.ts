/** Every command, in the order of the help: one line each. */
import type { Command } from "../define-command";
import { apply } from "./apply/command";
import { check } from "./check/command";
import { cost } from "./cost/command";
import { doctor } from "./doctor/command";
import { drift } from "./drift/command";
import { plan } from "./plan/command";
import { releases } from "./releases/command";
import { rollback } from "./rollback/command";
import { env } from "./sandbox/env";
import { reset } from "./sandbox/reset";
import { start } from "./sandbox/start";
import { status } from "./sandbox/status";
import { stop } from "./sandbox/stop";

export const commands: readonly Command[] = [
  check,
  plan,
  apply,
  drift,
  releases,
  rollback,
  cost,
  doctor,
  start,
  stop,
  status,
  reset,
  env,
];
