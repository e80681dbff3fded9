/** Whether notices reach those whom the configuration names: sends some that say they are a test. */
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";
import { noticeSecrets } from "../../config/workflow-secret";
import { closest } from "../../report/similar";
import { Failure } from "../failure";
import { notify } from "../notify";
import type { Interruption } from "../process";
import type { Stack } from "../project";

/** Who is told of what, and how. */
export interface AlertSetup {
  /** Folder with the script that sends, and the policy that it reads. */
  readonly directory: string;
  readonly recipients: readonly string[];
  readonly transport: "zoho" | "sendgrid";
  /** Besides e-mail. */
  readonly channels: readonly ("slack" | "pagerduty")[];
  /** Kinds of alert with their severities. */
  readonly severities: Readonly<Record<string, string>>;
}

/** One notice to one recipient or channel. */
export interface Delivery {
  readonly kind: string;
  readonly to: string;
  readonly accepted: boolean;
  /** Why not. */
  readonly problem?: string;
}

const policyJson = z.object({
  notifications: z.object({
    recipients: z.array(z.string()),
    transport: z.enum(["zoho", "sendgrid"]),
    channels: z.array(z.enum(["slack", "pagerduty"])),
    severities: z.record(z.string(), z.string()),
  }),
});

/**
 * What synth left of the managed repository, so that what is tested is what is declared; else the project's own.
 *
 * @throws Failure where neither has the script
 */
export function alertSetup([stack]: readonly Stack[], project: string): AlertSetup {
  const rendered = stack && join(stack.directory, "..", "..", "files", "repository");
  const directory = [...(rendered === undefined ? [] : [rendered]), project].find((folder) =>
    existsSync(join(folder, "scripts", "ops", "notify.mjs")),
  );
  if (directory === undefined) {
    throw new Failure(
      "Neither the stacks nor this project have scripts/ops/notify.mjs, so there is nothing that sends alerts. A program with the stack workflows writes it. [infra/no-alerts]",
    );
  }
  const policy = JSON.parse(readFileSync(join(directory, "scripts", "policy", "policy.json"), "utf8"));
  return { directory, ...policyJson.parse(policy).notifications };
}

/** Env vars that sending needs and this shell has not. */
export const lackingVariables = (setup: AlertSetup, env: NodeJS.ProcessEnv): readonly string[] =>
  noticeSecrets({ ...setup, recipients: [...setup.recipients], channels: [...setup.channels] }).filter(
    (name) => !env[name],
  );

/** @throws Failure for a kind that the policy does not know */
export function checkKinds(kinds: readonly string[], { severities }: AlertSetup): void {
  const known = Object.keys(severities);
  for (const kind of kinds) {
    if (known.includes(kind)) continue;
    const meant = closest(kind, known);
    throw new Failure(
      `There is no alert "${kind}"${meant ? `; did you mean "${meant}"?` : "."} There are: ${known.join(", ")}. Nothing was sent. [infra/unknown-alert]`,
    );
  }
}

/** Sends one notice of each kind, one after the other, to every recipient and channel. */
export async function sendTests(
  setup: AlertSetup,
  kinds: readonly string[],
  { env, interruption }: { readonly env: NodeJS.ProcessEnv; readonly interruption: Interruption },
): Promise<readonly Delivery[]> {
  const all: Delivery[] = [];
  for (const kind of kinds) {
    if (interruption.soft.aborted) break;
    const summary = `Test of the alert ${kind}: nothing is wrong, this asks only whether notices arrive`;
    const { says } = await notify({ kind, summary, details: {} }, { directory: setup.directory, env, interruption });
    all.push(...[...setup.recipients, ...setup.channels].map((to) => deliveryOf(kind, to, says)));
  }
  return all;
}

/** Who is not named by the script got nothing. */
function deliveryOf(kind: string, to: string, says: string): Delivery {
  const lines = says.split("\n");
  if (lines.includes(`sent: ${to}`)) return { kind, to, accepted: true };
  const refused = `not sent: ${to}: `;
  const problem = lines.find((line) => line.startsWith(refused))?.slice(refused.length) ?? "the script ended before";
  return { kind, to, accepted: false, problem };
}
