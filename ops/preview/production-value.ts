/** No production value reaches a preview: values are compared where they are read, and none is kept or told. */
import { type DeclaredSecret, declaredSecrets } from "../declared-secret";
import { Failure } from "../failure";
import type { Stack } from "../project";

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
  const theirs = declaredSecrets(production);
  const places = new Set(theirs.flatMap(placesOf));
  const values = new Set(theirs.flatMap(({ source }) => (source.env ?? []).flatMap((name) => env[name] || [])));
  const mixed = declaredSecrets(preview).flatMap((one) => {
    const same = placesOf(one).find((place) => places.has(place));
    if (same) return [`${one.name} is read from ${same}, which production reads too`];
    const first = one.source.env?.find((name) => env[name]);
    return first && values.has(env[first] ?? "") ? [`${one.name}: ${first} holds a value of production`] : [];
  });
  if (mixed.length === 0) return;
  throw new Failure(
    `A preview runs code that nobody has approved yet, and would get values of production:\n${mixed.map((line) => `  ${line}`).join("\n")}\nNothing was made. Give previews values of their own, or staging's. [infra/preview-production-value]`,
  );
}

/** Each place by its name: an env var, a file, a command. */
const placesOf = ({ source: { env = [], file, command } }: DeclaredSecret): readonly string[] => [
  ...env.map((name) => `env var ${name}`),
  ...(file === undefined ? [] : [`file ${file}`]),
  ...(command === undefined ? [] : [`command ${command.join(" ")}`]),
];
