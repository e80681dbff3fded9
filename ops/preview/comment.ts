/** The one comment on a pull request that says where its preview is and how it is. */

import type { Github } from "../../api/github";
import { code } from "../../report/markdown";
import type { Range } from "../cost/estimate";
import { keepComment } from "../github/living-comment";
import { repositoryOf } from "./pull-request";

/** The workflow's script writes the same one: constructs/managed/files/scripts/ops/preview-comment.mjs. */
const marker = "<!-- infra:preview -->";

/** What the comment tells of a preview that is there. */
export interface PreviewFacts {
  readonly number: number;
  readonly app: string;
  readonly url: string;
  readonly commit: string;
  /** What its machines run, by tag or digest. */
  readonly image: string;
  readonly health: string;
  readonly owner: string;
  /** ISO 8601, UTC. */
  readonly expires: string;
  /** US dollars a month; undefined: no price is known for a part of it. */
  readonly cost: Range | undefined;
}

/** Both pages of an app on Fly. */
export const flyPages = (app: string): readonly string[] => [
  `https://fly.io/apps/${app}`,
  `https://fly.io/apps/${app}/monitoring`,
];

/** Markdown. What comes from outside stands in code spans. */
export function upText({ number, app, url, commit, image, health, owner, expires, cost }: PreviewFacts): string {
  const [page = "", monitoring = ""] = flyPages(app);
  const rows = [
    ["Commit", code(commit.slice(0, 12))],
    ["Version", code(image)],
    ["Health", health],
    ["On Fly", `[app](${page}), [monitoring](${monitoring})`],
    ["Owner", code(owner)],
    ["Stays until", `${minuteOf(expires)} UTC; each update moves it`],
    ["Cost", cost ? `${costText(cost)} a month, an estimate` : "not known: a part of it has no known price"],
  ];
  return [
    `**Preview:** ${url}`,
    "",
    "| | |",
    "|---|---|",
    ...rows.map(([name, value]) => `| ${name} | ${value} |`),
    "",
    `It sleeps while nobody looks, so that the first page takes a few seconds. Remove it: ${code(`npx infra preview down ${number}`)}`,
  ].join("\n");
}

/** @param reason why, in words */
export const failedText = (number: number, commit: string, reason: string): string =>
  [
    "**Preview:** not available",
    "",
    `Commit ${code(commit.slice(0, 12))}: ${code(shortened(reason))}`,
    "",
    `Go on where it ended: ${code(`npx infra preview up ${number}`)}`,
  ].join("\n");

/** @param reason why, in words */
const removedText = (number: number, reason: string): string =>
  [
    "**Preview:** removed",
    "",
    `${reason}. Nothing of it is left on Fly. Make it anew: ${code(`npx infra preview up ${number}`)}`,
  ].join("\n");

const shortened = (text: string): string => {
  const line = text.replace(/\s+/g, " ");
  return line.length > longestReason ? `${line.slice(0, longestReason)}…` : line;
};
const longestReason = 600;

/** "0.00 to 3.99 US$"; one number where both are the same. */
function costText({ floor, expected }: Range): string {
  const [least, most] = [floor.toFixed(2), expected.toFixed(2)];
  return `${least === most ? most : `${least} to ${most}`} US$`;
}

/** "2026-12-05 17:54". */
const minuteOf = (iso: string): string => iso.slice(0, 16).replace("T", " ");

/** Where a comment belongs. */
interface Place {
  readonly github: Github;
  /** "owner/name". */
  readonly repository: string;
  readonly number: number;
}

/** Writes the comment about a preview, or rewrites it in place. */
export const tell = ({ github, repository, number }: Place, text: string) =>
  keepComment(github, github.repository(...repositoryOf(repository)), { number, marker, text });

/** Says in the comment that the preview is gone; where there is no comment, or no pull request, nothing is written. */
export async function tellRemoved({ github, repository, number }: Place, reason: string) {
  const client = github.repository(...repositoryOf(repository));
  if (!(await client.pull(number))) return "absent" as const;
  return keepComment(github, client, { number, marker, text: removedText(number, reason), ifThere: true });
}
