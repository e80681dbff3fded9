import type { z } from "zod";
import type { Clock } from "../fly/clock";
import { redact } from "../fly/credential";
import { type Answer, ConnectionError, type Transport } from "../fly/transport";
import { GithubError, type GithubErrorFacts } from "./error";
import { download, readText } from "./file";
import { factsOfRefusal, header } from "./refusal";

/** One call of GitHub's API. */
export interface Call<Schema extends z.ZodType> {
  readonly method: "GET" | "POST" | "PUT" | "PATCH" | "DELETE";
  /** Encoded, with leading slash, without query. `/graphql` goes to the GraphQL address. */
  readonly path: string;
  readonly query?: Readonly<Record<string, string | number | undefined>>;
  readonly body?: unknown;
  /** What the answer has to be; an empty one is `undefined`. */
  readonly answer: Schema;
  /** A POST that only asks: repeated like a read. */
  readonly asks?: boolean;
}

export interface CallerOptions {
  readonly token: string;
  readonly restUrl: string;
  readonly graphqlUrl: string;
  readonly userAgent: string;
  readonly clock: Clock;
  readonly transport: Transport;
  /** Pause between two writes, which GitHub asks for. */
  readonly writePauseMs: number;
  /** Pause before the second attempt; it doubles with each further one. */
  readonly firstPauseMs: number;
  readonly signal?: AbortSignal;
}

/** What a call brought: the value, and the headers beside it. */
export interface Received<T> {
  readonly value: T;
  header(name: string): string | undefined;
}

/** GitHub's rules of courtesy: few requests at once, writes one after the other. */
const atOnce = 4;
const attemptsAtMost = 4;
const patienceMs = 60_000;
const idleMs = 30_000;

/** Sends calls politely, repeats what is safe to repeat, and turns every failure into a `GithubError`. */
export class Caller {
  readonly #options: CallerOptions;
  readonly #waiting: (() => void)[] = [];
  #running = 0;
  #writes: Promise<unknown> = Promise.resolve();

  constructor(options: CallerOptions) {
    this.#options = options;
  }

  /** @throws GithubError */
  send<Schema extends z.ZodType>(call: Call<Schema>): Promise<Received<z.output<Schema>>> {
    if (call.method === "GET" || call.asks) return this.#limited(() => this.#repeat(call));
    const { clock, writePauseMs, signal } = this.#options;
    const mine = this.#writes.then(() => this.#limited(() => this.#repeat(call)));
    this.#writes = mine.then(
      () => clock.sleep(writePauseMs, signal).catch(() => {}),
      () => {},
    );
    return mine;
  }

  /** Writes a file to `target`. @returns the SHA-256 of its bytes in hexadecimal digits. @throws GithubError */
  download(path: string, target: string): Promise<string> {
    return this.#limited(() => download({ ...this.#options, path }, target));
  }

  /** The text of a file. @throws GithubError */
  text(path: string): Promise<string> {
    return this.#limited(() => readText({ ...this.#options, path }));
  }

  async #limited<T>(work: () => Promise<T>): Promise<T> {
    if (this.#running < atOnce) this.#running += 1;
    else await new Promise<void>((go) => this.#waiting.push(go));
    try {
      return await work();
    } finally {
      // Whoever waits takes this place over, so that nobody comes in between.
      const next = this.#waiting.shift();
      if (next) next();
      else this.#running -= 1;
    }
  }

  async #repeat<Schema extends z.ZodType>(call: Call<Schema>): Promise<Received<z.output<Schema>>> {
    const { clock, signal } = this.#options;
    const start = clock.now();
    for (let attempt = 1; ; attempt += 1) {
      const outcome = await this.#attempt(call);
      if (!(outcome instanceof GithubError)) return outcome;
      const pause = this.#pause(outcome, attempt);
      if (pause === undefined || clock.now() - start + pause > patienceMs) throw outcome;
      await clock.sleep(pause, signal);
    }
  }

  /** How long to wait before the next attempt; undefined: there is none. */
  #pause(error: GithubError, attempt: number): number | undefined {
    if (attempt >= attemptsAtMost || this.#options.signal?.aborted) return undefined;
    const growing = this.#options.firstPauseMs * 2 ** (attempt - 1) * (0.5 + this.#options.clock.random() / 2);
    if (error.kind === "rate-limited") return error.retryAfterMs ?? 10_000 * attempt;
    const isTransient = error.kind === "unavailable" || error.kind === "unreachable";
    return isTransient && !error.ambiguous ? Math.max(error.retryAfterMs ?? 0, growing) : undefined;
  }

  async #attempt<Schema extends z.ZodType>(call: Call<Schema>): Promise<Received<z.output<Schema>> | GithubError> {
    const { token, restUrl, graphqlUrl, userAgent, transport, signal } = this.#options;
    const { method, path, body, query } = call;
    const url = path === "/graphql" ? graphqlUrl : `${restUrl}${path}${queryText(query)}`;
    const headers = {
      authorization: `Bearer ${token}`,
      accept: "application/vnd.github+json",
      "x-github-api-version": "2022-11-28",
      "user-agent": userAgent,
    };
    try {
      const text = body === undefined ? undefined : JSON.stringify(body);
      return this.#judge(call, await transport.send({ method, url, headers, body: text, idleMs, signal }));
    } catch (cause) {
      if (!(cause instanceof ConnectionError)) throw cause;
      const githubMessage = signal?.aborted ? "stopped before it answered" : cause.message;
      return this.#error(call, { kind: "unreachable", githubMessage, ambiguous: cause.sent && isWrite(call) });
    }
  }

  #judge<Schema extends z.ZodType>(call: Call<Schema>, answer: Answer): Received<z.output<Schema>> | GithubError {
    const { status } = answer;
    if (status < 200 || status >= 300) {
      return this.#error(call, factsOfRefusal(answer, isWrite(call), this.#options.clock.now()));
    }
    const parsed = call.answer.safeParse(jsonOf(answer.body));
    if (parsed.success) return { value: parsed.data, header: (name) => header(answer, name) };
    const [issue] = parsed.error.issues;
    const where = issue?.path.join(".") || "the answer";
    return this.#error(call, {
      kind: "malformed",
      status,
      requestId: header(answer, "x-github-request-id"),
      githubMessage: `${where} is not what this call gives (${Buffer.byteLength(answer.body)} bytes)`,
      ambiguous: isWrite(call),
    });
  }

  #error(call: Call<z.ZodType>, facts: Omit<GithubErrorFacts, "method" | "path">): GithubError {
    const githubMessage = redact(facts.githubMessage, [this.#options.token]);
    return new GithubError({ ...facts, githubMessage, method: call.method, path: call.path });
  }
}

const isWrite = ({ method, asks }: Call<z.ZodType>): boolean => method !== "GET" && !asks;

function queryText(query: Call<z.ZodType>["query"]): string {
  const given = Object.entries(query ?? {}).flatMap(([name, value]) =>
    value === undefined ? [] : [`${encodeURIComponent(name)}=${encodeURIComponent(value)}`],
  );
  return given.length === 0 ? "" : `?${given.join("&")}`;
}

/** undefined: empty, or no JSON. */
function jsonOf(body: string): unknown {
  try {
    return JSON.parse(body);
  } catch {
    return undefined;
  }
}
