/** Labels by which people let a change pass that can hurt. */
import type { LabelEvent, RepositoryReader } from "../../api/github";
import { code } from "../../report/markdown";
import type { StackReport } from "../../report/model";
import type { Approval } from "../../report/review";

/** The pull request whose labels count. */
export interface Approvable {
  readonly repository: RepositoryReader;
  readonly number: number;
  /** Login of who wrote it; undefined: GitHub does not know any more. */
  readonly author: string | undefined;
  /** Unix ms since when its newest commit is known to be there; Infinity: not known. A label that is older was given for another commit. */
  readonly since: number;
}

/** A label that is needed, and why. */
export type Needed = Pick<Approval, "label" | "why">;

/** What the dangers of the plans ask for. @param production name of the stack that is production's */
export function neededBy(stacks: readonly StackReport[], production: string): readonly Needed[] {
  const destroying = stacks
    .filter(({ dangers = [] }) => dangers.some(({ kind }) => DESTROYING.includes(kind)))
    .map(({ stack }) => stack);
  const hurts = stacks.some(({ stack, dangers = [] }) => stack === production && dangers.length > 0);
  return [
    ...(destroying.length > 0
      ? [{ label: "approved-destroy", why: `it destroys, replaces or loses what is there in ${destroying.join(", ")}` }]
      : []),
    ...(hurts ? [{ label: "approved-production", why: `it is dangerous for ${production}` }] : []),
  ];
}

const DESTROYING: readonly string[] = ["destroy", "replace", "data loss"];

/** Which of the labels are given, by whom, and why one does not count. Without a pull request nobody could have given any. */
export async function approvalsOf(
  needed: readonly Needed[],
  pull: Approvable | undefined,
): Promise<readonly Approval[]> {
  if (!pull) return needed.map((one) => ({ ...one, outcome: "unknown", text: "No pull request was named." }));
  if (needed.length === 0) return [];
  const events = await pull.repository.labelEvents(pull.number);
  return Promise.all(
    needed.map(async (one) => {
      const last = events.filter(({ label }) => label === one.label).at(-1);
      return { ...one, ...(await judge(last, pull)) };
    }),
  );
}

async function judge(
  last: LabelEvent | undefined,
  { repository, author, since }: Approvable,
): Promise<Pick<Approval, "outcome" | "text">> {
  const who = `Somebody who may write to this repository${author === undefined ? "" : `, and not ${code(author)}, its author,`}`;
  const anew = `${who} gives it to this pull request; it counts until the next push.`;
  if (last?.event !== "labeled") return { outcome: "missing", text: anew };
  const not = (why: string) => ({ outcome: "void" as const, text: `${why} Take it away. ${anew}` });
  const login = last.actor?.login;
  if (login === undefined) return not("GitHub does not say who gave it.");
  if (login === author) return not(`${code(login)} gave it and is the author.`);
  if (since === Number.POSITIVE_INFINITY) {
    return { outcome: "unknown", text: "No review has dated the newest commit yet: --comment does." };
  }
  // GitHub counts in seconds.
  if (Date.parse(last.created_at) < Math.floor(since / 1_000) * 1_000)
    return not("It was given before the newest commit.");
  const permission = await repository.permissionOf(login);
  if (permission !== "admin" && permission !== "write") return not(`${code(login)} gave it and may not write here.`);
  return { outcome: "given", text: `By ${code(login)}, at ${last.created_at}.` };
}
