import type { Budget, Limit } from "./budget";
import type { Clock } from "./clock";
import { authorization, bareToken, redact } from "./credential";
import { FlyError, type FlyErrorFacts, type FlyErrorKind } from "./error";
import { isRecord, type Shape } from "./shape";
import { type Answer, ConnectionError, type Transport } from "./transport";

/** One call of Fly's API. */
export interface Call<T> {
  readonly surface: "machines" | "uiex" | "metrics" | "logs";
  readonly method: "GET" | "POST" | "PUT" | "PATCH" | "DELETE";
  /** Encoded, with leading slash, without query. */
  readonly path: string;
  readonly query?: Readonly<Record<string, string | number | boolean | undefined>>;
  readonly body?: unknown;
  readonly nonce?: string;
  /** What Fly counts: action and the app, or app and machine. */
  readonly counted: { readonly action: string; readonly subject: string; readonly limit: Limit };
  /** "any": doing it twice is the same as once. "unsent": repeated only when it surely was not done. */
  readonly repeat: "any" | "unsent";
  /** 408 is an ordinary answer of this call, which waits: the caller decides whether to ask again. */
  readonly waits?: boolean;
  readonly answer: Shape<T>;
  /** Values that must not come back in an error. */
  readonly secrets?: readonly string[];
  readonly idleMs?: number;
  readonly signal?: AbortSignal;
}

export interface CallerOptions {
  readonly token: string;
  readonly machinesUrl: string;
  readonly uiexUrl: string;
  /** Prometheus API, below which stand the slugs of the organizations. */
  readonly metricsUrl: string;
  readonly logsUrl: string;
  readonly userAgent: string;
  readonly clock: Clock;
  readonly budget: Budget;
  readonly transport: Transport;
  readonly signal?: AbortSignal;
  /** Told the app or machine after each write, whatever its outcome. */
  readonly onWrite?: (subject: string) => void;
}

const attemptsAtMost = 5;
const patienceMs = 30_000;
const idleMs = 30_000;

/** Sends calls within Fly's limits, repeats what is safe to repeat, and turns every failure into a `FlyError`. */
export class Caller {
  readonly clock: Clock;
  readonly #options: CallerOptions;
  readonly #hidden: readonly string[];

  constructor(options: CallerOptions) {
    this.#options = options;
    this.clock = options.clock;
    this.#hidden = [options.token, ...bareToken(options.token).split(",")].filter((part) => part.length > 3);
  }

  async send<T>(call: Call<T>): Promise<T> {
    const { action, subject, limit } = call.counted;
    const { budget } = this.#options;
    let unclear = false;
    let firstLeft: number | undefined;
    try {
      for (let attempt = 1; ; attempt += 1) {
        const answered = await budget.take(`${action} ${subject}`, limit, call.signal ?? this.#options.signal);
        firstLeft ??= this.clock.now();
        const outcome = await this.#attempt(call).finally(answered);
        if (!(outcome instanceof FlyError)) return outcome.value;
        unclear ||= outcome.ambiguous;
        const pause = this.#pause(call, outcome, attempt);
        const elapsed = this.clock.now() - firstLeft;
        if (pause === undefined || elapsed + pause > patienceMs) throw withAmbiguity(outcome, unclear);
        if (outcome.kind === "rate-limited") budget.hold(`${action} ${subject}`, limit, pause);
        else await this.clock.sleep(pause, call.signal ?? this.#options.signal);
      }
    } finally {
      if (call.method !== "GET") this.#options.onWrite?.(subject);
    }
  }

  /** How long to wait before the next attempt; undefined: there is none. */
  #pause(call: Call<unknown>, error: FlyError, attempt: number): number | undefined {
    if (this.#aborted(call)) return undefined;
    const spread = 0.5 + this.clock.random() / 2;
    if (error.kind === "rate-limited") {
      return Math.max(error.retryAfterMs ?? 0, 1000 * 2 ** Math.min(attempt - 1, 4) * spread);
    }
    const transient = ["network", "unavailable", call.waits ? "" : "timeout"].includes(error.kind);
    if (!transient || attempt >= attemptsAtMost) return undefined;
    if (error.ambiguous && call.repeat === "unsent") return undefined;
    return Math.max(error.retryAfterMs ?? 0, 250 * 2 ** (attempt - 1) * spread);
  }

  async #attempt<T>(call: Call<T>): Promise<{ readonly value: T } | FlyError> {
    const { surface, method, path, body, nonce, query } = call;
    const url = `${this.#options[`${surface}Url`]}${path}${queryText(query)}`;
    const bearer = surface === "uiex" ? `Bearer ${bareToken(this.#options.token)}` : authorization(this.#options.token);
    const headers: Record<string, string> = {
      authorization: bearer,
      accept: "application/json",
      "user-agent": this.#options.userAgent,
    };
    if (nonce) headers["fly-machine-lease-nonce"] = nonce;
    try {
      const answer = await this.#options.transport.send({
        method,
        url,
        headers,
        body: body === undefined ? undefined : JSON.stringify(body),
        idleMs: call.idleMs ?? idleMs,
        signal: call.signal ?? this.#options.signal,
      });
      return this.#judge(call, answer);
    } catch (cause) {
      if (!(cause instanceof ConnectionError)) throw cause;
      const flyMessage = this.#aborted(call) ? "stopped before Fly answered" : cause.message;
      return this.#error(call, { kind: "network", flyMessage, ambiguous: cause.sent && method !== "GET" });
    }
  }

  #judge<T>(call: Call<T>, answer: Answer): { readonly value: T } | FlyError {
    const { status } = answer;
    const requestId = header(answer, "fly-request-id");
    const json = parsed(answer.body);
    if (status >= 200 && status < 300) {
      const value = answer.body === "" ? {} : json;
      if (call.answer(value)) return { value };
      return this.#error(call, {
        kind: "malformed",
        status,
        requestId,
        flyMessage: `the answer is not what this call gives: ${outline(answer, json)}`,
        ambiguous: call.method !== "GET",
      });
    }
    const kind = kindOf(status);
    return this.#error(call, {
      kind,
      status,
      requestId,
      retryAfterMs: retryAfter(answer, this.clock.now()),
      ambiguous: call.method !== "GET" && (kind === "unavailable" || kind === "timeout"),
      ...words(answer, json),
    });
  }

  #error(call: Call<unknown>, facts: Omit<FlyErrorFacts, "method" | "path">): FlyError {
    const hidden = [...(call.secrets ?? []), ...this.#hidden];
    const code = facts.code && redact(facts.code, hidden);
    const flyMessage = redact(facts.flyMessage, hidden);
    return new FlyError({ ...facts, code, flyMessage, method: call.method, path: call.path });
  }

  #aborted(call: Call<unknown>): boolean {
    return call.signal?.aborted === true || this.#options.signal?.aborted === true;
  }
}

function withAmbiguity(error: FlyError, unclear: boolean): FlyError {
  return unclear === error.ambiguous ? error : new FlyError({ ...factsOf(error), ambiguous: unclear });
}

function factsOf(error: FlyError): FlyErrorFacts {
  const { kind, method, path, flyMessage, status, code, requestId, retryAfterMs } = error;
  return { kind, method, path, flyMessage, status, code, requestId, retryAfterMs };
}

function queryText(query: Call<unknown>["query"]): string {
  const given = Object.entries(query ?? {}).flatMap(([name, value]) =>
    value === undefined ? [] : [`${encodeURIComponent(name)}=${encodeURIComponent(value)}`],
  );
  return given.length === 0 ? "" : `?${given.join("&")}`;
}

function parsed(body: string): unknown {
  try {
    return JSON.parse(body);
  } catch {
    return undefined;
  }
}

/** What came instead, without quoting it: an answer may hold secrets. */
function outline(answer: Answer, json: unknown): string {
  const bytes = Buffer.byteLength(answer.body);
  const type = header(answer, "content-type") ?? "no content type";
  if (json === undefined) return `no JSON (${type}, ${bytes} bytes)`;
  const sort = Array.isArray(json) ? "array" : json === null ? "null" : typeof json;
  return `JSON ${sort} of another shape (${bytes} bytes)`;
}

function words(answer: Answer, json: unknown): { readonly flyMessage: string; readonly code?: string } {
  if (!isRecord(json)) return { flyMessage: answer.body === "" ? "(no message)" : `(${outline(answer, json)})` };
  const text = [json.message, json.error, json.detail].find((one) => typeof one === "string" && one !== "");
  const flyMessage = typeof text === "string" ? text : "(no message)";
  const code =
    typeof json.status === "string" && json.status !== "" ? json.status : /^([a-z_]+):/.exec(flyMessage)?.[1];
  return { flyMessage, code };
}

const kinds: Readonly<Record<number, FlyErrorKind>> = {
  401: "unauthorized",
  403: "forbidden",
  404: "not-found",
  408: "timeout",
  409: "conflict",
  410: "not-found",
  412: "precondition",
  429: "rate-limited",
  501: "invalid",
};

function kindOf(status: number): FlyErrorKind {
  if (status < 400) return "malformed";
  return kinds[status] ?? (status >= 500 ? "unavailable" : "invalid");
}

/** Seconds or an HTTP date. */
function retryAfter(answer: Answer, now: number): number | undefined {
  const text = header(answer, "retry-after");
  if (text === undefined) return undefined;
  const seconds = Number(text);
  if (Number.isFinite(seconds)) return Math.max(0, seconds * 1000);
  const at = Date.parse(text);
  return Number.isNaN(at) ? undefined : Math.max(0, at - now);
}

function header(answer: Answer, name: string): string | undefined {
  const value = answer.headers[name];
  return Array.isArray(value) ? value[0] : value;
}
