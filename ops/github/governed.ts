/** What stacks say about a repository: the part `github` of `infra.json`, whoever wrote the program. */
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";
import { type Governance, governanceShape } from "../../config/governance-shape";
import type { Stack } from "../project";

/** How the repository of a stack is to be; undefined: the stack governs none. */
export function governanceOf({ name, directory }: Stack): Governance | undefined {
  const path = join(directory, "..", "..", "files", "infra.json");
  if (!existsSync(path)) return undefined;
  return facts.parse(JSON.parse(readFileSync(path, "utf8"))).stacks[name]?.github;
}

const facts = z.object({ stacks: z.record(z.string(), z.object({ github: governanceShape.optional() })) });
