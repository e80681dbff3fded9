/** Stacks split over the jobs of a matrix. */
import { Failure } from "../failure";

/** One part of several; both count from 1. */
export interface Shard {
  readonly part: number;
  readonly of: number;
}

/** @throws Failure for a text that is not "2/5": the second of five parts */
export function shardFrom(text: string): Shard {
  const [, part, of] = (/^([1-9]\d{0,2})\/([1-9]\d{0,2})$/.exec(text) ?? []).map(Number);
  if (part !== undefined && of !== undefined && part <= of) return { part, of };
  throw new Failure(
    `--shard ${text} is no part: it is written i/n, with i from 1 to n and n at most 999, such as --shard 2/5. Nothing was read. [infra/shard]`,
  );
}

/** The stacks of one part: by name in turns, so that every stack is in one part whoever asks. Fewer stacks than parts: some parts are empty. */
export const shardOf = <T extends { readonly name: string }>(stacks: readonly T[], { part, of }: Shard): readonly T[] =>
  [...stacks].sort((a, b) => (a.name < b.name ? -1 : 1)).filter((_, index) => index % of === part - 1);
