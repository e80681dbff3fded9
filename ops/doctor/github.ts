/** The token for GitHub: there, accepted, and fitting the repository that this project governs. */
import type { Governance } from "../../config/governance-shape";
import { Failure } from "../failure";
import { openReader, type Shell } from "../github/connect";
import { governanceOf } from "../github/governed";
import type { Scopes } from "../github/scope";
import type { Stack } from "../project";
import type { Examined } from "./finding";

const NAME = "GitHub token";

/** Asks GitHub by reads alone; nothing where no stack governs a repository. */
export async function examineGithub(stacks: readonly Stack[], shell: Shell): Promise<readonly Examined[]> {
  const governed = stacks.flatMap((stack) => governanceOf(stack) ?? []);
  return (await Promise.all(governed.map((wanted) => examineOne(wanted, shell)))).flat();
}

async function examineOne(wanted: Governance, { env, signal }: Shell): Promise<readonly Examined[]> {
  const { examineScopes }: typeof import("../github/scope") = require("../github/scope");
  const { githubAddressFrom }: typeof import("../../api/github") = require("../../api/github");
  try {
    const github = openReader({ env, signal: AbortSignal.any([signal, AbortSignal.timeout(10_000)]) });
    const { restUrl, isLocal } = githubAddressFrom(env);
    const where = isLocal ? `the sandbox at ${restUrl}` : restUrl;
    return judge(await examineScopes(github, wanted), wanted, where);
  } catch (error) {
    const isOutside = error instanceof Failure || (error instanceof Error && error.name === "GithubError");
    if (!isOutside) throw error;
    const next = `Needed: a fine-grained token or an App for ${wanted.owner}/${wanted.name} with administration, contents, environments and secrets; for the sandbox: eval "$(npx infra sandbox env)"`;
    return [{ name: NAME, state: "fail", says: error.message, next }];
  }
}

function judge(
  { viewer, lacksForPlan, lacksForApply, spare }: Scopes,
  wanted: Governance,
  where: string,
): readonly Examined[] {
  const whose = viewer.login === undefined ? "an App's" : `of ${viewer.login}`;
  const says = `${where} accepts it; it is ${whose}${viewer.scopes ? `, with ${viewer.scopes.join(", ") || "no scope"}` : ""}`;
  return [
    { name: NAME, state: "ok", says },
    ...lacksForPlan.map(
      (lack): Examined => ({
        name: NAME,
        state: "warn",
        says: `lacks ${lack}: ${wanted.owner}/${wanted.name} cannot be compared in full`,
        next: "Add the permission where the token or the App was made",
      }),
    ),
    ...lacksForApply.map(
      (lack): Examined => ({ name: NAME, state: "warn", says: `lacks ${lack}: enough to plan, not to apply` }),
    ),
    ...spare.map(
      (scope): Examined => ({
        name: NAME,
        state: "warn",
        says: `has too much: the scope ${scope}, which no command needs`,
        next: "Take a token without it: https://github.com/settings/tokens",
      }),
    ),
  ];
}
