import { z } from "zod";
import type { Answer } from "../fly/transport";
import type { GithubErrorFacts, GithubErrorKind } from "./error";

/** What GitHub's answer other than 2xx says. `now`: Unix ms, against which limits are counted. */
export function factsOfRefusal(
  answer: Answer,
  isWrite: boolean,
  now: number,
): Omit<GithubErrorFacts, "method" | "path"> {
  const { status } = answer;
  const words = wordsOf(answer.body);
  const kind = kindOf(answer, words);
  return {
    kind,
    status,
    requestId: header(answer, "x-github-request-id"),
    githubMessage: words,
    retryAfterMs: kind === "rate-limited" || kind === "unavailable" ? retryAfter(answer, now) : undefined,
    wants: kind === "forbidden" || kind === "not-found" ? wanted(answer) : undefined,
    ambiguous: isWrite && kind === "unavailable",
  };
}

/** First value of a header. */
export function header(answer: Answer, name: string): string | undefined {
  const value = answer.headers[name];
  return Array.isArray(value) ? value[0] : value;
}

const KINDS: Readonly<Record<number, GithubErrorKind>> = {
  401: "unauthorized",
  403: "forbidden",
  404: "not-found",
  409: "conflict",
  410: "not-found",
  422: "refused",
  429: "rate-limited",
};

/** @see https://docs.github.com/rest/using-the-rest-api/rate-limits-for-the-rest-api (read 2026-08) */
function kindOf(answer: Answer, words: string): GithubErrorKind {
  const { status } = answer;
  if (status >= 300 && status < 400) return "moved";
  if (status === 403 && /archived/i.test(words)) return "archived";
  const isLimit =
    header(answer, "x-ratelimit-remaining") === "0" ||
    header(answer, "retry-after") !== undefined ||
    /secondary rate limit|abuse detection/i.test(words);
  if (status === 403 && isLimit) return "rate-limited";
  if ((status === 409 || status === 422) && /rule violations found|through a pull request/i.test(words)) {
    return "protected";
  }
  return KINDS[status] ?? (status >= 500 ? "unavailable" : "refused");
}

/** Seconds or a date of Retry-After, else the time at which the primary limit begins anew. */
function retryAfter(answer: Answer, now: number): number | undefined {
  const text = header(answer, "retry-after");
  const seconds = Number(text);
  if (text !== undefined && Number.isFinite(seconds)) return Math.max(0, seconds * 1000);
  const date = Date.parse(text ?? "");
  if (!Number.isNaN(date)) return Math.max(0, date - now);
  const reset = Number(header(answer, "x-ratelimit-reset"));
  return header(answer, "x-ratelimit-remaining") === "0" && reset > 0 ? Math.max(0, reset * 1000 - now) : undefined;
}

/** "administration=read" of a fine-grained token or an App; the scopes of a classic one. */
function wanted(answer: Answer): string | undefined {
  const permissions = header(answer, "x-accepted-github-permissions");
  if (permissions) return `the permission ${permissions}`;
  const scopes = header(answer, "x-accepted-oauth-scopes");
  return scopes ? `one of the scopes ${scopes}` : undefined;
}

const refusal = z.object({
  message: z.string().min(1),
  errors: z.array(z.union([z.string(), z.looseObject({ message: z.string().optional() })])).default([]),
});

/** GitHub's message with the sentences that it adds to it, on one line. */
function wordsOf(body: string): string {
  let json: unknown;
  try {
    json = JSON.parse(body);
  } catch {
    return body === "" ? "(no message)" : `(no JSON, ${Buffer.byteLength(body)} bytes)`;
  }
  const { data } = refusal.safeParse(json);
  if (!data) return "(no message)";
  const more = data.errors.map((one) => (typeof one === "string" ? one : (one.message ?? JSON.stringify(one))));
  return [data.message.trim(), ...more].join("; ").replace(/\s*\n+\s*/g, " ");
}
