/** One comment on a pull request or an issue that is kept current in place. */
import type { Comment, Github, RepositoryClient } from "../../api/github";

/**
 * Writes the comment, or rewrites the one that is there; with the same text it writes nothing. Only a comment by the same account counts: a
 * copy of it by somebody else is let be, and so is its marker. Doubles of our own are removed.
 *
 * @param marker an HTML comment that nothing else begins with, such as `<!-- infra:review -->`; `text` follows on the next line
 * @param ifThere true: rewritten where it is, and not begun
 */
export async function keepComment(
  github: Github,
  repository: RepositoryClient,
  { number, marker, text, ifThere = false, login: known }: LivingComment,
): Promise<"written" | "rewritten" | "kept" | "absent"> {
  const [login, all] = await Promise.all([
    known ?? github.viewer().then((viewer) => viewer.login),
    repository.comments(number),
  ]);
  const [first, ...doubles] = all.filter((one) => one.body?.startsWith(`${marker}\n`) && isBy(one, login));
  for (const { id } of doubles) await repository.deleteComment(id);
  const body = `${marker}\n${text}`;
  if (!first && ifThere) return "absent";
  if (!first) await repository.comment(number, body);
  else if (first.body !== body) await repository.changeComment(first.id, body);
  return first ? (first.body === body ? "kept" : "rewritten") : "written";
}

interface LivingComment {
  /** Of the pull request or issue. */
  readonly number: number;
  readonly marker: string;
  readonly text: string;
  readonly ifThere?: boolean;
  /** Account of the token, where it is known: GitHub tells an App's own only with what it has written. */
  readonly login?: string | undefined;
}

/** An App's token is nobody's: what it wrote is by a bot. */
const isBy = ({ user }: Comment, login: string | undefined): boolean =>
  login === undefined ? user?.type === "Bot" : user?.login === login;
