/** What synth says about a stack beside Terraform's JSON: its entry in `files/infra.json`, whoever wrote the program. */
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";
import type { Stack } from "./project";

/** Where synth leaves that, and the files of repositories: beside the folder of the stacks. */
export const filesFolder = ({ directory }: Stack): string => join(directory, "..", "..", "files");

/** The part that `shape` takes; undefined: nothing is said about the stack. @throws ZodError */
export function stackFacts<T>(stack: Stack, shape: z.ZodType<T>): T | undefined {
  const path = join(filesFolder(stack), "infra.json");
  if (!existsSync(path)) return undefined;
  const said = all.parse(JSON.parse(readFileSync(path, "utf8"))).stacks[stack.name];
  return said === undefined ? undefined : shape.parse(said);
}

const all = z.object({ stacks: z.record(z.string(), z.unknown()) });
