/**
 * Which files of a repository are ours, as plain data: what the stack `workflows` says in `infra.json` under `repository`, and what a live
 * read is compared with. One schema, so that who writes it and who reads it cannot differ.
 */
import * as z from "zod";

const file = z.object({
  /** From the root of the repository, with forward slashes. */
  path: z.string(),
  /** Id of its content as a git blob. */
  sha: z.string(),
  /** Its mode is 100755; git knows no other rights. */
  executable: z.boolean(),
});

/** Which files of a repository are ours; see the head of this file. */
export const repositoryFilesShape = z.object({
  owner: z.string(),
  name: z.string(),
  branch: z.string(),
  /** "propose": a pull request carries changes. "direct": Terraform commits them to the branch. */
  write: z.enum(["propose", "direct"]),
  /** In the order of the alphabet; the texts are in `files/repository/` beside `infra.json`. */
  files: z.array(file),
  /** Paths in `.github/workflows` that are not ours and are let be. */
  ignored: z.array(z.string()),
});

/** Which files of a repository are ours. */
export type RepositoryFiles = z.infer<typeof repositoryFilesShape>;

/** Folder of the texts, below `cdktf.out/files`. */
export const repositoryFolder = "repository";

/** Every file in this folder is ours, or ignored by name; elsewhere there may be others. */
export const workflowFolder = ".github/workflows/";
