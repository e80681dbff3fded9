/** Measures commands side by side in one run, so that a figure is always read beside its floor. */

/** Milliseconds that each of `rounds` calls of `work` took. */
async function times(rounds: number, work: () => Promise<unknown>): Promise<number[]> {
  const taken: number[] = [];
  for (let round = 0; round < rounds; round++) taken.push(await timed(work));
  return taken;
}

/** Milliseconds that one call took. */
export async function timed(work: () => Promise<unknown>): Promise<number> {
  const start = process.hrtime.bigint();
  await work();
  return Number(process.hrtime.bigint() - start) / 1e6;
}

export const median = (values: readonly number[]): number =>
  [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;

/** Medians of a floor and a subject, in milliseconds, measured in turns so that both see the same machine. */
export async function against(
  rounds: number,
  floor: () => Promise<unknown>,
  subject: () => Promise<unknown>,
  /** Done before each round, and not measured. */
  before: () => Promise<unknown> = async () => {},
): Promise<{ floorMs: number; subjectMs: number }> {
  const floors: number[] = [];
  const subjects: number[] = [];
  for (let round = 0; round < rounds; round++) {
    await before();
    floors.push(...(await times(1, floor)));
    subjects.push(...(await times(1, subject)));
  }
  return { floorMs: median(floors), subjectMs: median(subjects) };
}

export interface Figure {
  readonly name: string;
  readonly value: number;
  readonly unit: string;
  /** The most that the budget allows. */
  readonly budget: number;
  /** What the figure is read beside. */
  readonly beside: string;
}

/** Prints one line per figure and ends the process with 1 when a budget is broken. */
export function print(figures: readonly Figure[]): void {
  for (const { name, value, unit, budget, beside } of figures) {
    const verdict = value <= budget ? "within" : "OVER";
    console.log(`${name}: ${round(value)} ${unit} (${verdict} the budget of ${budget} ${unit}; ${beside})`);
    if (value > budget) process.exitCode = 1;
  }
}

const round = (value: number): number => Math.round(value * 100) / 100;
