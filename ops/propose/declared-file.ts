/** Which files of a repository a stack declares: the part `repository` of `infra.json` and the texts beside it, whoever wrote the program. */
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";
import { type RepositoryFiles, repositoryFilesShape, repositoryFolder } from "../../config/repository-file-shape";
import type { Stack } from "../project";

export interface DeclaredFiles extends RepositoryFiles {
  /** Text of a declared file. */
  textOf(path: string): string;
}

/** The files that a stack declares; undefined: it keeps none. */
export function declaredFilesOf({ name, directory }: Stack): DeclaredFiles | undefined {
  const folder = join(directory, "..", "..", "files");
  const path = join(folder, "infra.json");
  if (!existsSync(path)) return undefined;
  const { repository } = facts.parse(JSON.parse(readFileSync(path, "utf8"))).stacks[name] ?? {};
  if (!repository) return undefined;
  return { ...repository, textOf: (file) => readFileSync(join(folder, repositoryFolder, file), "utf8") };
}

const facts = z.object({ stacks: z.record(z.string(), z.object({ repository: repositoryFilesShape.optional() })) });
