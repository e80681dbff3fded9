/** Reads the files of a repository from GitHub itself, beside Terraform, and says of each that differs how. */
import type { GitReader, RepositoryReader } from "../../api/github";
import { GithubError } from "../../api/github";
import type { Audit } from "../github/audit";
import { missing, type Observation } from "../github/observation";
import type { DeclaredFiles } from "./declared-file";
import { type FileDifference, fileDifferences, firstDifference, isGenerated, isUntouched } from "./difference";

/** Compares the declared files with the branch. What cannot be read is a trouble, never a difference. */
export async function auditFiles({ git, owner, name }: RepositoryReader, declared: DeclaredFiles): Promise<Audit> {
  try {
    const head = await git.head(declared.branch);
    // Where there is no branch, the plan has said so.
    if (!head) return { observations: [], troubles: [] };
    const differences = fileDifferences(declared, await git.files(head.tree.sha));
    return { observations: await Promise.all(differences.map((one) => observe(git, declared, one))), troubles: [] };
  } catch (error) {
    if (!(error instanceof GithubError)) throw error;
    const summary = `Could not read the files of ${owner}/${name}`;
    return { observations: [], troubles: [{ severity: "error", summary, detail: error.message }] };
  }
}

async function observe(
  git: GitReader,
  declared: DeclaredFiles,
  { path, kind, live }: FileDifference,
): Promise<Observation> {
  if (!live) return missing(path, "is missing; apply proposes it");
  const field = (text: string): Observation => ({ kind: "field", object: path, field: "", text });
  if (kind === "mode") {
    const wanted = declared.files.some((file) => file.path === path && file.executable) ? "100755" : "100644";
    return field(`has mode ${live.mode}, declared ${wanted}`);
  }
  const text = await git.blob(live.sha);
  if (kind === "content") {
    const by = isUntouched(text) ? "is as another configuration wrote it: it " : "";
    return field(by + firstDifference(text, declared.textOf(path)));
  }
  if (isGenerated(text)) {
    return { kind: "undeclared", object: path, field: "", text: "is no longer declared; apply proposes to remove it" };
  }
  const what = "nobody declared it; delete it, or list its name under delivery.ignored";
  return { kind: "undeclared", object: path, field: "", text: what, left: true };
}
