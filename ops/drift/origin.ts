/** Since when each finding is as it is, and by whom: asked of Fly and GitHub for findings only, and never guessed. */
import type { FlyReader } from "../../api/fly";
import type { GithubReader } from "../../api/github";
import type { Finding, StackReport } from "../../report/model";
import type { Stack } from "../project";
import { appsIn } from "./judge";
import { flyOrigins } from "./origin-fly";
import { githubOrigins } from "./origin-github";
import { unknown } from "./origin-of";

/** Where origins are asked. undefined: this shell has no token for it. */
export interface Witnesses {
  /** One that remembers what it read. */
  readonly fly: FlyReader | undefined;
  readonly github: GithubReader | undefined;
}

/** The report with the origin of every finding. A few calls for each app and repository that differs, none for the others. */
export async function withOrigins(report: StackReport, stack: Stack, { fly, github }: Witnesses): Promise<StackReport> {
  if (report.findings.length === 0) return report;
  const appOf = appsIn(stack);
  const onFly = fly && flyOrigins(fly);
  const onGithub = github && githubOrigins(github, stack);
  const findings = await Promise.all(
    report.findings.map(async (finding): Promise<Finding> => {
      if (finding.kind === "follows") return finding;
      if (finding.kind === "pending") return { ...finding, origin: OF_CONFIGURATION };
      const app = appOf(finding.address);
      if (app !== undefined && onFly) return { ...finding, origin: await onFly(app)(finding) };
      if (app === undefined && onGithub) return { ...finding, origin: await onGithub(finding) };
      return { ...finding, origin: unknown("nobody was asked: there is no token") };
    }),
  );
  return { ...report, findings };
}

const OF_CONFIGURATION = unknown("git log of the configuration says");
