/** What a proposal says of itself: its pull request, the issue that it closes, and its commit. */
import type { DeclaredFiles } from "./declared-file";
import type { FileDifference } from "./difference";

/** Branch of every proposal. */
export const proposalBranch = "infra/workflows";

/** First line of the issue's and of the pull request's description, by which a later run finds them. */
export const marker = "<!-- hotdash-infra:managed-files -->";

const title = "Update managed files";

/** Message of the commit. */
export const commitMessage = (changes: readonly FileDifference[]): string =>
  `${title}\n\n${changes.map(({ path, kind }) => `${WORDS[kind]}: ${path}`).join("\n")}\n`;

/** The issue that the pull request closes. */
export const issueText = ({ branch }: DeclaredFiles) => ({
  title: "Managed files differ",
  body: `${marker}\nFiles on \`${branch}\` are not as the configuration declares them. \`infra plan\` names each; the pull request from \`${proposalBranch}\` writes them and closes this.\n`,
});

/** The pull request, in the form that this repository's pull requests have. */
export function pullText(declared: DeclaredFiles, stack: string, changes: readonly FileDifference[], issue: number) {
  const rows = changes.map(({ path, kind }) => `| \`${path}\` | ${WORDS[kind]} |`);
  const body = [
    marker,
    `Fixes #${issue}`,
    "## What changes",
    "These files are not as the configuration declares them, and this makes them so. Change the configuration, not this branch: the next `infra apply` rewrites it.",
    ["| File | |", "|---|---|", ...rows].join("\n"),
    "## Allowed paths",
    changes.map(({ path }) => `- ${path}`).join("\n"),
    "## Definition of done",
    checklist(declared)
      .map((item) => `- [x] ${item}`)
      .join("\n"),
    "## Rollback plan",
    `Put the configuration back to its earlier version, run \`infra apply ${stack}\` and merge what it proposes; or revert the commit of this pull request, which the next plan then shows as drift.`,
  ];
  return { title, body: `${body.join("\n\n")}\n` };
}

const WORDS: Readonly<Record<FileDifference["kind"], string>> = {
  missing: "added",
  content: "changed",
  mode: "changed (mode)",
  undeclared: "removed: no longer declared",
};

const template = ".github/pull_request_template.md";

/** Items of the definition of done, from the template where that is a declared file. */
function checklist(declared: DeclaredFiles): readonly string[] {
  const text = declared.files.some(({ path }) => path === template) ? declared.textOf(template) : "";
  const items = [...text.matchAll(/^\s*[-*] \[[ xX]\]\s+(.+?)\s*$/gm)].map(([, item = ""]) => item);
  return items.length > 0 ? items : ["The change can be undone as the rollback plan says"];
}
