import type { Interruption } from "../ops/process";

/** What a command may use of the machine it runs on; tests give their own. */
export interface Tools {
  /** Absolute path of the project: the folder with cdktf.json. */
  readonly directory: string;
  /** The environment variables; child processes get these and what a command adds. */
  readonly env: NodeJS.ProcessEnv;
  readonly interruption: Interruption;
  /** Milliseconds since 1970. */
  now(): number;
}

/** The machine as it is. `interruption` follows SIGINT, SIGTERM and SIGHUP of this process. */
export function realTools(): Tools {
  return { directory: process.cwd(), env: process.env, interruption: followSignals(), now: () => Date.now() };
}

function followSignals(): Interruption {
  const soft = new AbortController();
  const hard = new AbortController();
  for (const name of ["SIGINT", "SIGTERM", "SIGHUP"] as const) {
    process.on(name, () => (soft.signal.aborted ? hard : soft).abort());
  }
  return { soft: soft.signal, hard: hard.signal };
}
