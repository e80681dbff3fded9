import { App } from "cdktf";
import { ConfigurationError } from "../config/problem";
import { synthesize } from "./synthesize";

/**
 * Runs a CDKTF program: makes the App, lets `build` add stacks to it, and leaves stack directories that work by themselves. A mistake of the user
 * is printed without a stack trace, and the process then ends with 1.
 */
export function program(build: (app: App) => void): void {
  try {
    const app = new App();
    build(app);
    synthesize(app);
  } catch (error) {
    if (!isUsers(error)) throw error;
    process.stderr.write(`${error.message}\n`);
    process.exitCode = 1;
  }
}

/** A mistake of the user, in words that need no stack trace: it carries an id in brackets. */
function isUsers(error: unknown): error is Error {
  return (
    error instanceof ConfigurationError || (error instanceof Error && /\[[a-z]+\/[a-z0-9-]+\]$/.test(error.message))
  );
}
