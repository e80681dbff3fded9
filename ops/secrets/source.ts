/** Where the values of a run are: env vars, files given with `--dotenv`, the vault. */
import { resolve, type Source } from "../../provider/resources/secrets/source";
import type { Interruption } from "../process";
import type { FileValues } from "./vault";

export interface Sources {
  /** The value of a source, where from, or in words why there is none. Values are in nothing else of this. */
  valueOf(source: Source): Promise<Found>;
  /** Names of env vars that have a value, from wherever. */
  readonly variables: readonly string[];
}

type Found = { readonly value: string; readonly from: string } | { readonly value: undefined; readonly absent: string };

export interface SourceOptions {
  readonly directory: string;
  readonly env: NodeJS.ProcessEnv;
  readonly interruption: Interruption;
  /** Paths of `.env` files, from the project. */
  readonly dotenv: readonly string[];
  /** Such as "vault/occ/**"; undefined: none. */
  readonly vault: string | undefined;
}

/**
 * What this shell holds. An env var goes before a `.env` file, and that before the vault.
 *
 * @throws Failure for a file that is no safe place for a value
 */
export async function gatherSources(options: SourceOptions): Promise<Sources> {
  const { env, dotenv, vault } = options;
  const { readDotenv, readVault }: typeof import("./vault") = require("./vault");
  const files: FileValues = new Map([
    ...(vault === undefined ? [] : await readVault(vault, options)),
    ...(await readDotenv(dotenv, options)),
  ]);
  const values: NodeJS.ProcessEnv = {};
  for (const [variable, { value }] of files) values[variable] = value;
  for (const [variable, value] of Object.entries(env)) if (value) values[variable] = value;
  const origin = (variable: string) =>
    env[variable] ? `env var ${variable}` : `${variable} of ${files.get(variable)?.file ?? "nowhere"}`;
  return {
    variables: Object.keys(values),
    async valueOf(source) {
      const found = await resolve(source, values);
      if ("absent" in found) return { value: undefined, absent: found.absent };
      const { file, command, env: names = [] } = source;
      const variable = names.find((name) => values[name]);
      const from =
        file !== undefined ? `file ${file}` : command !== undefined ? `command ${command[0]}` : origin(variable ?? "");
      return { value: found.value, from };
    },
  };
}
