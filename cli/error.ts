/** Tells what went wrong. Three kinds: the user's (no stack), the outside world's (request id), ours (stack, "please report"). */
import { Failure, Interrupted } from "../ops/failure";
import { announced, failureFacts } from "../report/failure-class";
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
  const message = harmless(wordsOf(error), { lines: true });
  if (json) io.out(JSON.stringify({ version: 1, error: failureFacts(message) }, null, 2));
  if (stopped) io.say(error instanceof Interrupted ? message : `Interrupted. ${message}`);
  else io.say(`${io.paint.say("red", announced(message))} ${message}`);
  if (!stopped && !isExpected(error)) {
    io.say(harmless((error instanceof Error && error.stack) || "", { lines: true }));
    io.say("This is a mistake of this program. Please report it with the lines above. [infra/internal]");
  }
  return stopped ? 130 : 1;
}

/** Fly's own words are in Fly's terms: what they mean here, and the next step, is added. */
function wordsOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  if (error.name !== "FlyError") return error.message;
  const { explainFlyError }: typeof import("../ops/fly") = require("../ops/fly");
  return explainFlyError(error);
}

/** Refusals and failures of Fly and GitHub carry their own words; the class is known by name so that no client is loaded for it. */
const isExpected = (error: unknown): boolean =>
  error instanceof Failure ||
  (error instanceof Error && ["FlyError", "GithubError"].includes(error.name)) ||
  isOfMachine(error);

/** A disk that is full or may not be written: the machine's matter, and the message says what and where. */
const isOfMachine = (error: unknown): boolean =>
  error instanceof Error && "code" in error && ["EACCES", "EPERM", "ENOSPC", "EROFS"].includes(String(error.code));
