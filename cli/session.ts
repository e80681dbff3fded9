/** What plan, apply and drift begin with: stacks synthesized and chosen, one provider for all of them. */
import type { Running } from "../ops/plan";
import type { Stack } from "../ops/project";
import type { Wording } from "../report/terminal";
import type { Io } from "./io";
import type { Tools } from "./tools";

export interface Session {
  /** Those that were named, all when none was. */
  readonly stacks: readonly Stack[];
  readonly all: readonly Stack[];
  readonly running: Running;
}

/**
 * Synthesizes, chooses the named stacks (all when none is named), hosts the provider, does `work` and ends the provider. With `snapshot`
 * all stacks together read each object of Fly once: for commands that apply nothing.
 *
 * @throws Failure when the program refuses its configuration or a name does not exist
 */
export async function withStacks<T>(
  names: readonly string[],
  tools: Tools,
  io: Io,
  work: (session: Session) => Promise<T>,
  options: { readonly snapshot?: boolean } = {},
): Promise<T> {
  const { chooseStacks, synthesize }: typeof import("../ops/project") = require("../ops/project");
  const { lendVault }: typeof import("../ops/secrets/lend-vault") = require("../ops/secrets/lend-vault");
  const { hostFlyProvider }: typeof import("../ops/host") = require("../ops/host");
  io.progress("Reading the configuration");
  // The program runs in a process of its own: meanwhile the provider is loaded in this one.
  const synthesizing = synthesize(tools);
  const hosting = hostFlyProvider(({ subject, message }) => io.say(`    ${subject}: ${message}`), options);
  await Promise.allSettled([synthesizing, hosting]);
  const host = await hosting;
  let takeBack = () => {};
  try {
    const all = await synthesizing;
    const stacks = chooseStacks(all, names);
    takeBack = await lendVault(all, tools);
    const { env, interruption } = tools;
    return await work({
      stacks,
      all,
      running: {
        env,
        interruption,
        reattach: host.reattach,
        remember: host.remember,
        progress: io.progress,
        say: io.say,
      },
    });
  } finally {
    io.progress("");
    await host.close();
    takeBack();
  }
}

/** How reports speak on standard output, or on standard error. */
export const wordingFor = (io: Io, where: "out" | "say" = "out"): Wording => ({
  paint: io.paint[where],
  columns: io.columns[where],
  program: "npx infra",
});
