/** An apply of a stack that proposes files: Terraform changes none of them, a pull request does. */
import type { AppliedStack } from "../apply";
import { Failure } from "../failure";
import type { PlannedStack, Running } from "../plan";
import type { Stack } from "../project";
import { type DeclaredFiles, declaredFilesOf } from "./declared-file";
import type { Proposal } from "./propose";

/** The files that a stack proposes; undefined: it proposes none. */
export function proposedBy(stack: Stack): DeclaredFiles | undefined {
  const declared = declaredFilesOf(stack);
  return declared?.write === "propose" ? declared : undefined;
}

/** Proposes what differs. "proposed": a pull request waits for its merge. */
export async function applyFiles(
  { stack, report }: PlannedStack,
  declared: DeclaredFiles,
  running: Running,
): Promise<AppliedStack> {
  const { openGithub }: typeof import("../github/connect") = require("../github/connect");
  const { propose }: typeof import("./propose") = require("./propose");
  const done: { address: string; action: string }[] = [];
  try {
    const github = openGithub({ env: running.env, signal: running.interruption.soft });
    const proposal = await propose({
      repository: github.repository(declared.owner, declared.name),
      declared,
      stack: stack.name,
      onDone(address, action) {
        done.push({ address, action });
        running.say(`  ${address}: ${action}`);
      },
    });
    return { stack: stack.name, done, ...outcomeOf(proposal) };
  } catch (error) {
    const isExpected = error instanceof Failure || (error instanceof Error && error.name === "GithubError");
    if (!isExpected) throw error;
    return {
      stack: stack.name,
      outcome: running.interruption.soft.aborted ? "stopped" : "failed",
      done,
      undone: report.findings.map(({ path }) => path),
      troubles: [{ severity: "error", summary: "The files were not proposed", detail: error.message }],
    };
  }
}

/** Takes back a proposal that has nothing left to change; undefined: there is none, or nobody to ask GitHub as. */
export async function withdrawFiles(one: PlannedStack, running: Running): Promise<AppliedStack | undefined> {
  const { githubTokenFrom }: typeof import("../../api/github") = require("../../api/github");
  const declared = proposedBy(one.stack);
  if (!declared || githubTokenFrom(running.env) === undefined) return undefined;
  const applied = await applyFiles(one, declared, running);
  return applied.outcome === "applied" && applied.done.length === 0 ? undefined : applied;
}

function outcomeOf({ url, left }: Proposal): Pick<AppliedStack, "outcome" | "undone" | "troubles" | "url"> {
  const troubles = left.length === 0 ? [] : [leftTrouble(left)];
  if (url !== undefined) return { outcome: "proposed", url, undone: left, troubles };
  return { outcome: left.length === 0 ? "applied" : "failed", undone: left, troubles };
}

const leftTrouble = (left: readonly string[]) => ({
  severity: "error" as const,
  summary: "Files that nobody declared are left as they are",
  detail: `${left.join("\n")}\nDelete them in the repository, or list their names under delivery.ignored. [github/file-drift]`,
});
