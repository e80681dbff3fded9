/** What the caller can tell apart without reading GitHub's words. */
export type GithubErrorKind =
  | "unauthorized"
  | "forbidden"
  | "not-found"
  | "archived"
  | "moved"
  | "protected"
  | "conflict"
  | "refused"
  | "rate-limited"
  | "unavailable"
  | "malformed"
  | "partial"
  | "unreachable";

export interface GithubErrorFacts {
  readonly kind: GithubErrorKind;
  readonly method: string;
  /** Path below the base url, without query; `/graphql` for a GraphQL query. */
  readonly path: string;
  /** GitHub's own words, or what happened to the connection. */
  readonly githubMessage: string;
  /** HTTP status; absent when there was no answer. */
  readonly status?: number;
  /** X-GitHub-Request-Id of the answer. */
  readonly requestId?: string;
  /** How long GitHub wants to be left alone, in ms. */
  readonly retryAfterMs?: number;
  /** What would have been enough: "administration=read", or a scope. */
  readonly wants?: string;
  /** True when a write may or may not have happened: read before trying again. */
  readonly ambiguous?: boolean;
}

/** GitHub refused, answered nonsense or did not answer. Holds neither the token nor any value that was sent. */
export class GithubError extends Error implements GithubErrorFacts {
  readonly kind: GithubErrorKind;
  readonly method: string;
  readonly path: string;
  readonly githubMessage: string;
  readonly status?: number;
  readonly requestId?: string;
  readonly retryAfterMs?: number;
  readonly wants?: string;
  readonly ambiguous: boolean;

  constructor(facts: GithubErrorFacts, options?: { cause?: unknown }) {
    const { kind, method, path, status, requestId } = facts;
    const answer =
      status === undefined ? `gave no answer to ${method} ${path}` : `answered ${status} to ${method} ${path}`;
    const request = requestId ? ` (request ${requestId})` : "";
    const words = facts.githubMessage.replace(/[.\s]*$/, "");
    super(`GitHub ${answer}${request}: ${words}. ${nextStep(facts)} [${IDS[kind]}]`, options);
    this.name = "GithubError";
    this.kind = kind;
    this.method = method;
    this.path = path;
    this.githubMessage = facts.githubMessage;
    this.status = status;
    this.requestId = requestId;
    this.retryAfterMs = facts.retryAfterMs;
    this.wants = facts.wants;
    this.ambiguous = facts.ambiguous ?? false;
  }
}

const IDS: Readonly<Record<GithubErrorKind, string>> = {
  unauthorized: "github/unauthorized",
  forbidden: "github/forbidden",
  "not-found": "github/not-found",
  archived: "github/archived",
  moved: "github/moved",
  protected: "github/protected",
  conflict: "github/conflict",
  refused: "github/refused",
  "rate-limited": "github/rate-limited",
  unavailable: "github/unavailable",
  malformed: "github/malformed",
  partial: "github/partial",
  unreachable: "github/unreachable",
};

const DOCTOR = "See what the token lacks: npx infra doctor";

function nextStep({ kind, wants, retryAfterMs, ambiguous }: GithubErrorFacts): string {
  const again = ambiguous
    ? "Whether it was done is not known: plan before it is tried again."
    : "Nothing was changed by it.";
  switch (kind) {
    case "unauthorized":
      return "The token is not valid, or no longer. Make a new one and set GITHUB_TOKEN.";
    case "forbidden":
      return wants ? `It wants ${wants}. ${DOCTOR}` : DOCTOR;
    case "not-found":
      return `There is no such thing, or this token may not see it. ${DOCTOR}`;
    case "archived":
      return "An archived repository takes no change. Unarchive it in its settings, and run this again.";
    case "moved":
      return "It has another name now. Correct repository.name in config/repository.ts.";
    case "protected":
      return "The branch takes changes through pull requests only. Nothing was written to it.";
    case "conflict":
      return "Something else changed it meanwhile. Plan again.";
    case "refused":
      return "Correct what GitHub names, and run this again.";
    case "rate-limited":
      return retryAfterMs === undefined
        ? "Others use the same token. Run this again in some minutes."
        : `Run this again in ${Math.ceil(retryAfterMs / 1000)} s.`;
    case "unavailable":
      return `${again} Look at https://www.githubstatus.com and run it again.`;
    case "malformed":
      return "Look whether a proxy answers, or GITHUB_BASE_URL points elsewhere.";
    case "partial":
      return "A part of an answer is not used. Run this again.";
    case "unreachable":
      return `${again} Check the network and GITHUB_BASE_URL.`;
  }
}

/** Missing is a value. */
export async function unlessMissing<T>(promise: Promise<T>): Promise<T | undefined> {
  try {
    return await promise;
  } catch (error) {
    if (error instanceof GithubError && error.kind === "not-found") return undefined;
    throw error;
  }
}
