/** Tells the demo: a headline per step, what was done, what came out. */
import type { Paint } from "../report/paint";

export interface Narrator {
  /** Begins a step. */
  step(title: string): void;
  /** One line about what happens. */
  say(text: string): void;
  /** What a program printed, set off from our own words. */
  show(text: string): void;
  /** Something that had to be so; what was not is remembered for the end. */
  expect(what: string, holds: boolean): void;
  /** Everything that had to be so and was not. */
  readonly disappointments: readonly string[];
}

/** `now` in milliseconds; each headline says how long the demo has been running. */
export function createNarrator(write: (line: string) => void, paint: Paint, now: () => number): Narrator {
  const start = now();
  const disappointments: string[] = [];
  let steps = 0;
  return {
    step(title) {
      const seconds = ((now() - start) / 1000).toFixed(0);
      write("");
      write(`${paint("bold", `${++steps}. ${title}`)} ${paint("dim", `(${seconds} s)`)}`);
    },
    say: (text) => write(`   ${text}`),
    show: (text) => write(text.replace(/^.*$/gm, (line) => `   ${paint("dim", "│")} ${line}`.trimEnd())),
    expect(what, holds) {
      write(`   ${holds ? paint("green", "ok") : paint("red", "NOT SO")}  ${what}`);
      if (!holds) disappointments.push(what);
    },
    disappointments,
  };
}
