import type { ContentfulStatusCode } from "hono/utils/http-status";

/** An answer that is not a success; one place renders it. */
export class ApiError extends Error {
  /**
   * @param error text of the body's `error`, often `code: words`
   * @param code machine-readable `status` of the body, where Fly gives one
   */
  constructor(
    readonly status: ContentfulStatusCode,
    readonly error: string,
    readonly code?: string,
    readonly headers: Readonly<Record<string, string>> = {},
  ) {
    super(error);
  }

  /** Body in the shape of the Machines API. */
  body(): { error: string; status?: string } {
    return this.code ? { error: this.error, status: this.code } : { error: this.error };
  }
}

export const invalid = (text: string) => new ApiError(400, `invalid_argument: ${text}`);
export const notFound = (text: string) => new ApiError(404, `not_found: ${text}`);
export const precondition = (text: string, code?: string) => new ApiError(412, `failed_precondition: ${text}`, code);
export const forbidden = (text: string) => new ApiError(403, text);
