import { readFileSync } from "node:fs";
import { join } from "node:path";

/** What somebody writes into the template of a pull request. */
interface PullRequestText {
  /** Number of the issue that it closes. */
  readonly issue: number;
  /** Patterns that every changed file fits; `infrastructure` stands for the configured set. */
  readonly allowedPaths: readonly string[];
  /** What changes, Markdown. */
  readonly summary: string;
  /** How it is undone. */
  readonly rollback: string;
}

/** The pull request template filled in as Danger wants it, every item of the definition of done ticked. */
export function pullRequestBody({ issue, allowedPaths, summary, rollback }: PullRequestText): string {
  const template = readFileSync(
    join(__dirname, "../../../constructs/managed/files/.github/pull_request_template.md"),
    "utf8",
  );
  const plain = template.replace(/<!--[\s\S]*?-->\n*/g, "");
  return [
    ["Fixes #", `Fixes #${issue}`],
    ["## What changes\n", `## What changes\n\n${summary}\n`],
    ["\n-\n", `\n${allowedPaths.map((pattern) => `- ${pattern}`).join("\n")}\n`],
    ["## Rollback plan\n", `## Rollback plan\n\n${rollback}\n`],
  ]
    .reduce((text, [place = "", filled = ""]) => text.replace(place, () => filled), plain)
    .replaceAll("- [ ]", "- [x]")
    .trim();
}
