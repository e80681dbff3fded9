/**
 * Something that the user or the outside world has to put right. Shown without a stack; everything else that is thrown is our mistake.
 *
 * The message says what is wrong with the value, what was got, what is allowed and what to type next, and ends in its stable id in
 * brackets (docs/errors.md).
 */
export class Failure extends Error {
  constructor(message: string, options?: { readonly cause?: unknown }) {
    super(message, options);
    this.name = "Failure";
  }
}

/** The user asked to stop before anything was changed; ends in exit code 130. */
export class Interrupted extends Error {
  constructor(message = "Interrupted. Nothing was changed.") {
    super(message);
    this.name = "Interrupted";
  }
}
