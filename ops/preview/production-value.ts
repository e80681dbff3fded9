/** No production value reaches a preview: values are compared where they are read, and none is kept or told. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";
import { Failure } from "../failure";
import type { Stack } from "../project";

const stackJson = z.object({
  resource: z
    .object({
      fly_secrets: z
        .record(
          z.string(),
          z.object({
            sources: z.record(
              z.string(),
              z.object({
                env: z.array(z.string()).optional(),
                file: z.string().optional(),
                command: z.array(z.string()).optional(),
              }),
            ),
          }),
        )
        .default({}),
    })
    .default({ fly_secrets: {} }),
});

/**
 * Compares where the secrets of a preview come from with where production's do, and the values of env vars that this shell holds.
 *
 * @throws Failure that names each secret whose source or value is production's
 */
export function refuseProductionValues(
  preview: Stack,
  production: Stack | undefined,
  env: Readonly<Record<string, string | undefined>>,
): void {
  if (!production) return;
  const theirs = sourcesOf(production);
  const places = new Set(theirs.flatMap(({ places: one }) => one));
  const values = new Set(theirs.flatMap(({ env: names }) => names.flatMap((name) => env[name] || [])));
  const mixed = sourcesOf(preview).flatMap(({ secret, env: names, places: own }) => {
    const same = own.find((place) => places.has(place));
    if (same) return [`${secret} is read from ${same}, which production reads too`];
    const first = names.find((name) => env[name]);
    return first && values.has(env[first] ?? "") ? [`${secret}: ${first} holds the same value as production's`] : [];
  });
  if (mixed.length === 0) return;
  throw new Failure(
    `A preview runs code that nobody has approved yet, and would get values of production:\n${mixed.map((line) => `  ${line}`).join("\n")}\nNothing was made. Give previews values of their own, or staging's. [infra/preview-production-value]`,
  );
}

interface Source {
  readonly secret: string;
  /** Env vars, the first one set wins. */
  readonly env: readonly string[];
  /** Each place by its name: an env var, a file, a command. */
  readonly places: readonly string[];
}

function sourcesOf({ directory }: Stack): readonly Source[] {
  const { resource } = stackJson.parse(JSON.parse(readFileSync(join(directory, "cdk.tf.json"), "utf8")));
  return Object.values(resource.fly_secrets).flatMap(({ sources }) =>
    Object.entries(sources).map(([secret, { env = [], file, command }]) => ({
      secret,
      env,
      places: [
        ...env.map((name) => `env var ${name}`),
        ...(file === undefined ? [] : [`file ${file}`]),
        ...(command === undefined ? [] : [`command ${command.join(" ")}`]),
      ],
    })),
  );
}
