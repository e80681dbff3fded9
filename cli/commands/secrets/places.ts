/** What the commands about secrets begin with: the stacks, and every place that they keep secrets in. */
import type { Stack } from "../../../ops/project";
import type { SecretPlace } from "../../../ops/secrets/place";
import type { Io } from "../../io";
import type { Tools } from "../../tools";

export interface Places {
  /** Every stack of the program. */
  readonly all: readonly Stack[];
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
  });
  io.progress("");
  return { all, places };
}
