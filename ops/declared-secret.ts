/** The secrets of apps that a synthesized stack declares, and where their values come from. Never a value. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";
import type { Source } from "../provider/resources/secrets/source";
import type { Stack } from "./project";

export interface DeclaredSecret {
  readonly name: string;
  readonly source: Source;
}

/** A source, as Terraform's JSON has it. */
export const sourceShape = z.object({
  env: z.array(z.string()).optional(),
  file: z.string().optional(),
  command: z.array(z.string()).optional(),
});
const stackJson = z.object({
  resource: z
    .object({ fly_secrets: z.record(z.string(), z.object({ sources: z.record(z.string(), sourceShape) })).default({}) })
    .prefault({}),
});

/** Every secret of the stack's apps. */
export function declaredSecrets({ directory }: Stack): readonly DeclaredSecret[] {
  const { resource } = stackJson.parse(JSON.parse(readFileSync(join(directory, "cdk.tf.json"), "utf8")));
  return Object.values(resource.fly_secrets).flatMap(({ sources }) =>
    Object.entries(sources).map(([name, one]) => ({ name, source: one })),
  );
}
