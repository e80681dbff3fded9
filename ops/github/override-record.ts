/** The record of an override: an issue, whose first line holds it for programs and whose text holds it for people. */
import { z } from "zod";
import type { Issue, RepositoryReader } from "../../api/github";

/** A rule that is lifted for a while. Times are ISO 8601, UTC. */
export interface Override {
  readonly rule: string;
  /** Login of who may step over it. */
  readonly login: string;
  readonly reason: string;
  readonly from: string;
  readonly until: string;
}

export interface RecordedOverride extends Override {
  /** Number of the issue. */
  readonly issue: number;
  readonly url: string;
  /** Its issue is open: the rule is not back yet, as far as the record tells. */
  readonly isOpen: boolean;
}

/** The label of the issues. */
export const overrideLabel = "incident";

const marker = "<!-- infra:override ";
const override = z.object({
  rule: z.string(),
  login: z.string(),
  reason: z.string(),
  from: z.iso.datetime(),
  until: z.iso.datetime(),
});

/** Title and body of the issue that records an override. */
export function issueOf(one: Override): { readonly title: string; readonly body: string } {
  const { rule, login, reason, from, until } = one;
  // No text of the record can end the comment that it stands in.
  const json = JSON.stringify(one).replaceAll(">", "\\u003e");
  const body = [
    `${marker}${json} -->`,
    `**${rule}** does not bind @${login} until ${until}.`,
    "",
    `Reason: ${reason}`,
    "",
    `Opened ${from} with \`infra override open\`. \`infra drift\` fails until it is closed: \`npx infra override close\`.`,
  ].join("\n");
  return { title: `Override of ${rule} by ${login}`, body };
}

/** Overrides whose issue is open, oldest first. An issue that anybody could have written proves nothing by itself: the team does. */
export const openOverrides = (repository: RepositoryReader): Promise<readonly RecordedOverride[]> =>
  recordedOverrides(repository, "open");

/** The same with those that are over. */
export async function recordedOverrides(
  repository: RepositoryReader,
  state: "open" | "all",
): Promise<readonly RecordedOverride[]> {
  const issues = await repository.issues({ state, labels: overrideLabel });
  return issues.flatMap(recordIn).sort((a, b) => a.issue - b.issue);
}

function recordIn({ body, number, html_url, state }: Issue): readonly RecordedOverride[] {
  const [first = ""] = (body ?? "").split("\n");
  if (!first.startsWith(marker) || !first.endsWith(" -->")) return [];
  try {
    const parsed = override.parse(JSON.parse(first.slice(marker.length, -4)));
    return [{ ...parsed, issue: number, url: html_url, isOpen: state === "open" }];
  } catch {
    // Somebody edited it: who is in the team without a record is told as that.
    return [];
  }
}

/** Whether its time is over. `now`: Unix ms. */
export const isExpired = ({ until }: Override, now: number): boolean => Date.parse(until) <= now;
