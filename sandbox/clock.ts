/** Time as the sandbox sees it, with the work that is due later. Times are Unix milliseconds. */
export interface Clock {
  readonly manual: boolean;
  now(): number;
  /** Runs `task` at that time; a time that has passed means the next turn. Returns its cancellation. */
  at(timeMs: number, task: () => void): () => void;
  /** Moves the time forward and runs, in order, all that falls due. Works on a real clock too. */
  advance(ms: number): void;
  close(): void;
}

interface Task {
  readonly at: number;
  readonly run: () => void;
}

/** Longest delay that setTimeout takes. */
const longestDelayMs = 2_147_483_647;

/** A clock that follows real time, or one that stands still at `manualFrom` until it is advanced. */
export function createClock({ manualFrom }: { manualFrom?: number } = {}): Clock {
  const manual = manualFrom !== undefined;
  const tasks: Task[] = [];
  let offset = manualFrom ?? 0;
  let timer: NodeJS.Timeout | undefined;

  const now = () => (manual ? offset : Date.now() + offset);

  function arm() {
    clearTimeout(timer);
    const next = tasks[0];
    if (manual || !next) return;
    timer = setTimeout(tick, Math.min(Math.max(0, Math.ceil(next.at - now())), longestDelayMs));
    timer.unref();
  }

  function tick() {
    for (let task = tasks[0]; task && task.at <= now(); task = tasks[0]) {
      tasks.shift();
      task.run();
    }
    arm();
  }

  return {
    manual,
    now,
    at(timeMs, run) {
      const task = { at: timeMs, run };
      tasks.splice(position(tasks, timeMs), 0, task);
      if (tasks[0] === task) arm();
      return () => {
        const index = tasks.indexOf(task);
        if (index >= 0) tasks.splice(index, 1);
      };
    },
    advance(ms) {
      const goal = offset + ms;
      for (let task = tasks[0]; task && task.at <= now() + goal - offset; task = tasks[0]) {
        tasks.shift();
        offset += Math.max(0, task.at - now());
        task.run();
      }
      offset = goal;
      arm();
    },
    close() {
      clearTimeout(timer);
      tasks.length = 0;
    },
  };
}

/** Index after the last task that is due no later than `timeMs`: tasks of one time keep their order. */
function position(tasks: readonly Task[], timeMs: number): number {
  let low = 0;
  let high = tasks.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((tasks[middle]?.at ?? 0) <= timeMs) low = middle + 1;
    else high = middle;
  }
  return low;
}
