/** The checks beside the plans, each with PASS or FAIL: what the specification's drift sweep looks at. */
import { existsSync } from "node:fs";
import { join } from "node:path";
import { FlyError, type FlyReader } from "../../api/fly";
import { GithubError } from "../../api/github";
import { harmless } from "../../report/harmless";
import { type Check, driftOf, type Finding, pendingOf, type StackReport } from "../../report/model";
import { Failure } from "../failure";
import type { Running } from "../plan";
import { runProcess } from "../process";
import type { Stack } from "../project";

export interface CheckContext {
  /** All of the project. */
  readonly stacks: readonly Stack[];
  readonly running: Running;
  /** The project. */
  readonly directory: string;
  /** undefined: this shell has no token for Fly. */
  readonly fly: FlyReader | undefined;
}

/** What the findings of the stacks come to: everything but secrets, and secrets. */
export function checksOf(stacks: readonly StackReport[]): readonly Check[] {
  const all = stacks.flatMap((stack) =>
    [...driftOf(stack), ...pendingOf(stack)].map((finding) => ({ stack, finding })),
  );
  const unread = stacks.filter(({ outcome }) => outcome === "error").map(({ stack }) => stack);
  const check = (name: string, fits: (finding: Finding) => boolean): Check => {
    const found = all.filter(({ finding }) => fits(finding));
    const lines = stacks.flatMap((stack) => {
      const count = found.filter((one) => one.stack === stack).length;
      return count === 0 ? [] : [`${stack.stack}: ${count} ${count === 1 ? "difference" : "differences"}`];
    });
    if (unread.length > 0)
      return { name, verdict: "error", lines: [...lines, `not read in full: ${unread.join(", ")}`] };
    return { name, verdict: lines.length > 0 ? "fail" : "pass", lines };
  };
  return [check("Infrastructure", (one) => !isSecret(one)), check("Secrets", isSecret)];
}

const isSecret = ({ address, path }: Finding): boolean =>
  address.startsWith("fly_secrets.") || path.startsWith("secret/");

/** Checks that look elsewhere than at the stacks, all at once. One that cannot be made is an error and hides no other. */
export function otherChecks(context: CheckContext): Promise<readonly Check[]> {
  return Promise.all([
    ...SCRIPTS.map((script) => scriptCheck(script, context)),
    attempt("Parity", () => parityCheck(context)),
    attempt("Ready versions", () => {
      const { readyCheck }: typeof import("../rollback/ready-check") = require("../rollback/ready-check");
      return readyCheck(context.stacks, context.fly);
    }),
  ]);
}

interface Script {
  readonly name: string;
  readonly path: string;
}

/** Checks that a project brings as a script of its own; exit code 0: it passes. */
const SCRIPTS: readonly Script[] = [
  { name: "Docs policy", path: "scripts/policy/check-docs.mjs" },
  { name: "Secret scan", path: "scripts/policy/scan.sh" },
  { name: "Backup", path: "scripts/ops/backup-age.mjs" },
];

async function scriptCheck({ name, path }: Script, { running, directory }: CheckContext): Promise<Check> {
  if (!existsSync(join(directory, path))) return { name, verdict: "skip", lines: [`no ${path}`] };
  return attempt(name, async () => {
    const tool = path.endsWith(".sh") ? "bash" : process.execPath;
    const { env, interruption } = running;
    const { code, stdout, stderr } = await runProcess(tool, [path], { directory, env, interruption });
    if (code === 0) return { name, verdict: "pass", lines: [] };
    const lines = (stderr.trim() || stdout.trim() || `ended with exit code ${code}`).split("\n");
    return { name, verdict: "fail", lines: lines.slice(0, longestList).map((line) => harmless(line)) };
  });
}

/** Most lines of a script that a report repeats. */
const longestList = 50;

/** Staging against production, where both were read. */
async function parityCheck({ stacks, fly }: CheckContext): Promise<Check> {
  const name = "Parity";
  const sides = ["staging", "production"].flatMap((one) => stacks.find((stack) => stack.name === one) ?? []);
  const [left, right] = sides;
  if (!left || !right) return { name, verdict: "skip", lines: ["not both of staging and production"] };
  if (!fly) return { name, verdict: "error", lines: ["FLY_API_TOKEN is not set"] };
  const { readSide }: typeof import("../parity/side") = require("../parity/side");
  const { compare }: typeof import("../parity/parity") = require("../parity/parity");
  const [a, b] = await Promise.all([readSide(fly, left), readSide(fly, right)]);
  const lines = compare(a, b).flatMap(({ what, left: one, right: other, verdict, action }) =>
    verdict === "differs"
      ? [harmless(`${what}: ${one} in staging, ${other} in production${action ? `; ${action}` : ""}`)]
      : [],
  );
  return { name, verdict: lines.length > 0 ? "fail" : "pass", lines };
}

/** The check, or the error that it ended in. */
export async function attempt(name: string, make: () => Promise<Check>): Promise<Check> {
  try {
    return await make();
  } catch (error) {
    if (!(error instanceof Failure || error instanceof FlyError || error instanceof GithubError)) throw error;
    return { name, verdict: "error", lines: error.message.split("\n") };
  }
}
