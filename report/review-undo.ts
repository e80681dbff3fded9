import type { StackReport } from "./model";

/** How something that a plan does is undone, or that it cannot be. */
export interface Undo {
  /** Stack, and address where it is about one; from outside. */
  readonly where: string;
  /** Markdown of ours. */
  readonly text: string;
}

/** How what a stack's plan does is undone, and what of it cannot be. Empty: nothing is done. */
export function undoOf({ stack, actions, dangers = [] }: StackReport): readonly Undo[] {
  const done = new Set(Object.values(actions));
  const isMade = done.has("delete") || done.has("replace");
  const told = (where: string, text: string): Undo => ({ where, text });
  return [
    ...(done.size > 0
      ? [told(stack, "revert the merge, and apply. What changed goes back, what was made is destroyed.")]
      : []),
    ...(isMade ? [told(stack, "what was destroyed or replaced is made anew then, with other ids and addresses.")] : []),
    ...dangers
      .filter(({ kind }) => kind === "data loss")
      .map(({ address }) => told(`${stack} ${address}`, `**cannot be undone**. ${beforeLosing(address)}`)),
  ];
}

/** What to do before data is gone, by the type in an address. */
function beforeLosing(address: string): string {
  const type = address.split(".").find((part) => Object.hasOwn(BEFORE, part)) ?? "";
  return BEFORE[type] ?? "Save before the merge what is to be kept.";
}

const BEFORE: Readonly<Record<string, string>> = {
  fly_volume:
    "Before the merge, keep the data: `fly volumes snapshots create <volume>`. A new volume can be made from a snapshot.",
  fly_process_group: "Before the merge, keep the data of its volumes: `fly volumes snapshots create <volume>`.",
  fly_app:
    "Before the merge, keep the data of its volumes (`fly volumes snapshots create <volume>`); its addresses do not come back.",
  fly_secrets: "Fly hands no value out. Have it at its source, to set it again.",
  github_repository: "GitHub can restore a repository for 90 days, and only by its owners.",
};
