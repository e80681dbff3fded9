/** Tells what went wrong. Three kinds: the user's (no stack), the outside world's (request id), ours (stack, "please report"). */
import { Failure, Interrupted } from "../ops/failure";
import { harmless } from "../report/harmless";
import type { Io } from "./io";

interface Telling {
  readonly io: Io;
  readonly interrupted: boolean;
  readonly json: boolean;
}

/** Prints `error` and returns the exit code it ends in. With `json` standard output still gets one JSON document. */
export function tell(error: unknown, { io, interrupted, json }: Telling): 1 | 130 {
  const stopped = error instanceof Interrupted || interrupted;
  const message = harmless(error instanceof Error ? error.message : String(error), { lines: true });
  if (json) io.out(JSON.stringify({ version: 1, error: { message, id: idOf(message) } }, null, 2));
  if (stopped) io.say(error instanceof Interrupted ? message : `Interrupted. ${message}`);
  else io.say(`${io.paint.say("red", "Error:")} ${message}`);
  if (!stopped && !isExpected(error)) {
    io.say(harmless((error instanceof Error && error.stack) || "", { lines: true }));
    io.say("This is a mistake of this program. Please report it with the lines above. [infra/internal]");
  }
  return stopped ? 130 : 1;
}

/** The stable id that ends a message, without its brackets; null: it has none. */
const idOf = (message: string): string | null => /\[([a-z]+\/[a-z0-9-]+)\]\s*$/.exec(message)?.[1] ?? null;

/** Refusals and failures of Fly and GitHub carry their own words; the class is known by name so that no client is loaded for it. */
const isExpected = (error: unknown): boolean =>
  error instanceof Failure ||
  (error instanceof Error && ["FlyError", "GithubError"].includes(error.name)) ||
  isOfMachine(error);

/** A disk that is full or may not be written: the machine's matter, and the message says what and where. */
const isOfMachine = (error: unknown): boolean =>
  error instanceof Error && "code" in error && ["EACCES", "EPERM", "ENOSPC", "EROFS"].includes(String(error.code));
