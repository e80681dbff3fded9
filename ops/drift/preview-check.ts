/** Whether every preview is still needed: one of the checks beside the plans. */
import type { GithubReader } from "../../api/github";
import { harmless } from "../../report/harmless";
import type { Check } from "../../report/model";
import { declaredIn } from "../declared";
import { Failure } from "../failure";
import { governanceOf } from "../github/governed";
import { attempt, type CheckContext } from "./check";

/**
 * Previews that nobody needs any more. Learnt from the program itself, which synthesizes again for it: only once the plans are made, and only
 * where a repository is known whose pull requests can be asked.
 */
export async function previewCheck(context: PreviewContext): Promise<Check> {
  const { stacks, running, directory, fly, github, now } = context;
  const governed = stacks.flatMap((stack) => governanceOf(stack) ?? [])[0];
  const repository = governed ? `${governed.owner}/${governed.name}` : running.env.GITHUB_REPOSITORY;
  const skip = (why: string): Check => ({ name: PREVIEWS, verdict: "skip", lines: [why] });
  if (declaredIn(stacks).organizations.length === 0) return skip("no stack names an organization of Fly");
  if (!repository || !github || !fly) return skip("no repository of pull requests is known, or no token for it");
  return attempt(PREVIEWS, async () => {
    const { previewPattern }: typeof import("../preview/pattern") = require("../preview/pattern");
    const { livePreviews }: typeof import("../preview/orphan") = require("../preview/orphan");
    const { openPullRequests }: typeof import("../preview/pull-request") = require("../preview/pull-request");
    const { env, interruption } = running;
    const pattern = await unlessNone(previewPattern({ directory, env, interruption }));
    if (!pattern) return skip("the program has no previews");
    const previews = await livePreviews(fly, pattern, () => openPullRequests(github, repository), now);
    const lines = previews.flatMap(({ app, orphan }) =>
      orphan === undefined ? [] : [harmless(`${app}: ${orphan}; remove it: npx infra preview sweep`)],
    );
    return { name: PREVIEWS, verdict: lines.length > 0 ? "fail" : "pass", lines };
  });
}

const PREVIEWS = "Previews";

export interface PreviewContext extends CheckContext {
  /** undefined: this shell has no token for GitHub. */
  readonly github: GithubReader | undefined;
  /** Unix ms. */
  readonly now: number;
}

/** undefined: the program makes no stack for a pull request. */
async function unlessNone<T>(pattern: Promise<T>): Promise<T | undefined> {
  try {
    return await pattern;
  } catch (error) {
    if (error instanceof Failure && error.message.includes("[infra/no-preview]")) return undefined;
    throw error;
  }
}
