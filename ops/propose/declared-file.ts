/** Which files of a repository a stack declares: the part `repository` of `infra.json` and the texts beside it, whoever wrote the program. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";
import { type RepositoryFiles, repositoryFilesShape, repositoryFolder } from "../../config/repository-file-shape";
import type { Stack } from "../project";
import { filesFolder, stackFacts } from "../stack-facts";

export interface DeclaredFiles extends RepositoryFiles {
  /** Text of a declared file. */
  textOf(path: string): string;
}

/** The files that a stack declares; undefined: it keeps none. */
export function declaredFilesOf(stack: Stack): DeclaredFiles | undefined {
  const { repository } = stackFacts(stack, facts) ?? {};
  if (!repository) return undefined;
  return { ...repository, textOf: (file) => readFileSync(join(filesFolder(stack), repositoryFolder, file), "utf8") };
}

const facts = z.object({ repository: repositoryFilesShape.optional() });
