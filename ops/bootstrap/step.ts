/** One step on the way to a new environment. */
export interface Step {
  readonly name: string;
  /**
   * "to do": this command does it. "by hand": only a person can, and nothing waits for it. "failed": it has to be put right before anything is
   * done. "waits": known once the steps before are done.
   */
  readonly state: "done" | "to do" | "by hand" | "failed" | "waits";
  /** What was found, in words; a line each. */
  readonly says: readonly string[];
  /** What to type, a line each. */
  readonly next: readonly string[];
}

export const step = (
  name: string,
  state: Step["state"],
  says: string | readonly string[],
  next: string | readonly string[] = [],
): Step => ({ name, state, says: [says].flat(), next: [next].flat() });
