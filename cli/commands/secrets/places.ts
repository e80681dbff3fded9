/** What the commands about secrets begin with: the stacks, and every place that they keep secrets in. */
import { Failure } from "../../../ops/failure";
import type { Stack } from "../../../ops/project";
import type { SecretPlace } from "../../../ops/secrets/place";
import type { Option } from "../../define-command";
import type { Io } from "../../io";
import type { Tools } from "../../tools";

export interface Places {
  /** Every stack of the program. */
  readonly all: readonly Stack[];
  /** Those that were named; all where none was. */
  readonly chosen: readonly Stack[];
  readonly places: readonly SecretPlace[];
}

/** Synthesizes and reads what is there in the named stacks; in all when none is named. */
export async function readPlaces(names: readonly string[], tools: Tools, io: Io): Promise<Places> {
  const { chooseStacks, synthesize }: typeof import("../../../ops/project") = require("../../../ops/project");
  const { placesOf }: typeof import("../../../ops/secrets/place") = require("../../../ops/secrets/place");
  const { openReader }: typeof import("../../../ops/github/connect") = require("../../../ops/github/connect");
  const { flyFrom }: typeof import("../../../ops/fly") = require("../../../ops/fly");
  const { env, interruption } = tools;
  io.progress("Reading the configuration");
  const all = await synthesize(tools);
  const chosen = chooseStacks(all, names);
  io.progress("Reading the names of secrets");
  const places = await placesOf(chosen, all, {
    fly: () => flyFrom(env).fly,
    github: () => openReader({ env, signal: interruption.soft }),
  }).catch(async (error: unknown) => {
    const { requireFlyTokens }: typeof import("../../../ops/guard/token") = require("../../../ops/guard/token");
    // A token of elsewhere is a better reason than what Fly refused to it.
    if (error instanceof Error && error.name === "FlyError") await requireFlyTokens(chosen, env);
    throw error;
  });
  io.progress("");
  return { all, chosen, places };
}

/** The option by which `set` and `sync` are narrowed. */
export const environmentOption = {
  type: "strings",
  doc: 'Only the app and the GitHub environment of this environment; "repository" for the repository\'s own secrets.',
  placeholder: "name",
} as const satisfies Option;

/** What `--environment` calls a place. */
export const wordFor = ({ environment }: SecretPlace): string => environment ?? "repository";

/** Places of the named environments; all where none is named. @throws Failure for one that no place has */
export function within(places: readonly SecretPlace[], environments: readonly string[]): readonly SecretPlace[] {
  const known = [...new Set(places.map(wordFor))];
  const wrong = environments.find((one) => !known.includes(one));
  if (wrong === undefined)
    return environments.length === 0 ? places : places.filter((one) => environments.includes(wordFor(one)));
  const { closest }: typeof import("../../../report/similar") = require("../../../report/similar");
  const meant = closest(wrong, known);
  throw new Failure(
    `No secrets are declared for an environment "${wrong}"${meant ? `; did you mean "${meant}"?` : "."} There are: ${known.join(", ")}. Nothing was written. [secrets/environment]`,
  );
}
