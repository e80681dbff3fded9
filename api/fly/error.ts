/** What the caller can tell apart without reading Fly's words. */
export type FlyErrorKind =
  | "unauthorized"
  | "forbidden"
  | "not-found"
  | "conflict"
  | "precondition"
  | "rate-limited"
  | "unavailable"
  | "timeout"
  | "invalid"
  | "malformed"
  | "network";

export interface FlyErrorFacts {
  readonly kind: FlyErrorKind;
  readonly method: string;
  /** Path below the base url, without query. */
  readonly path: string;
  /** Fly's own words, or what happened to the connection. */
  readonly flyMessage: string;
  /** HTTP status; absent when there was no answer. */
  readonly status?: number;
  /** Fly's machine-readable `status`, such as "name_taken" or "insufficient_capacity"; else the word before the colon of its message ("failed_precondition"). */
  readonly code?: string;
  readonly requestId?: string;
  readonly retryAfterMs?: number;
  /** True when a write may or may not have happened: read before trying again. */
  readonly ambiguous?: boolean;
}

/** Fly refused, answered nonsense or did not answer. Holds neither the token nor any value that was sent. */
export class FlyError extends Error implements FlyErrorFacts {
  readonly kind: FlyErrorKind;
  readonly method: string;
  readonly path: string;
  readonly flyMessage: string;
  readonly status?: number;
  readonly code?: string;
  readonly requestId?: string;
  readonly retryAfterMs?: number;
  readonly ambiguous: boolean;

  constructor(facts: FlyErrorFacts, options?: { cause?: unknown }) {
    const answer = facts.status === undefined ? facts.kind : `${facts.status}${facts.code ? ` ${facts.code}` : ""}`;
    const request = facts.requestId ? ` (request ${facts.requestId})` : "";
    super(`Fly answered ${answer} to ${facts.method} ${facts.path}${request}: ${facts.flyMessage}`, options);
    this.name = "FlyError";
    this.kind = facts.kind;
    this.method = facts.method;
    this.path = facts.path;
    this.flyMessage = facts.flyMessage;
    this.status = facts.status;
    this.code = facts.code;
    this.requestId = facts.requestId;
    this.retryAfterMs = facts.retryAfterMs;
    this.ambiguous = facts.ambiguous ?? false;
  }
}
