import type { ContentfulStatusCode } from "hono/utils/http-status";

/** One entry of `errors` in a 422. */
interface FieldError {
  readonly resource: string;
  readonly field?: string;
  readonly code: string;
  readonly message?: string;
}

/** A refusal in GitHub's shape. */
export class GithubError extends Error {
  constructor(
    readonly status: ContentfulStatusCode,
    message: string,
    readonly errors: readonly (FieldError | string)[] = [],
    readonly headers: Readonly<Record<string, string>> = {},
    readonly documentation = "https://docs.github.com/rest",
  ) {
    super(message);
  }

  /** Body as the REST API writes it. */
  body() {
    const { message, errors, documentation, status } = this;
    return {
      message,
      ...(errors.length > 0 && { errors }),
      documentation_url: documentation,
      status: String(status),
    };
  }
}

export const missing = (message = "Not Found") => new GithubError(404, message);
export const refused = (message: string) => new GithubError(403, message);
/** 422 with one sentence for each thing that is wrong. */
export const unprocessable = (message: string, errors: readonly (FieldError | string)[] = []) =>
  new GithubError(422, message, errors);
/** 422 about one field of one kind of object. */
export const badField = (resource: string, field: string, code: string, message?: string) =>
  unprocessable("Validation Failed", [{ resource, field, code, ...(message && { message }) }]);
