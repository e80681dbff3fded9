/** Doubles for the client's tests: a clock that jumps and a Fly that answers from a list. */
import { Budget } from "./budget";
import { Caller, type CallerOptions } from "./caller";
import type { Clock } from "./clock";
import { type Answer, ConnectionError, type Request, type Transport } from "./transport";

/** A clock on which sleeping takes no time: it jumps ahead. */
export function fakeClock(): Clock & { readonly slept: number[] } {
  let now = 1_700_000_000_000;
  const slept: number[] = [];
  return {
    slept,
    now: () => now,
    sleep: async (ms, signal) => {
      signal?.throwIfAborted();
      slept.push(ms);
      now += ms;
    },
    random: () => 1,
  };
}

/** What comes back: a status with a body (text stays as it is, else JSON), or a connection that fails before or after sending. */
export type Scripted =
  | { readonly status: number; readonly body?: unknown; readonly headers?: Answer["headers"] }
  | { readonly lost: "before" | "after" };

/** A transport that answers in order by the script; the last answer is repeated. */
export function scriptedTransport(script: readonly Scripted[]) {
  const sent: Request[] = [];
  const transport: Transport = {
    close() {},
    async send(request) {
      const step = script[Math.min(sent.length, script.length - 1)];
      sent.push(request);
      if (!step) throw new Error("the script is empty");
      if ("lost" in step) throw new ConnectionError("socket hang up", step.lost === "after");
      const body = typeof step.body === "string" ? step.body : step.body === undefined ? "" : JSON.stringify(step.body);
      return { status: step.status, body, headers: { "fly-request-id": "01REQUEST", ...step.headers } };
    },
  };
  return { transport, sent };
}

/** A caller whose requests are answered in order by the script; the last answer is repeated. */
export function scripted(script: readonly Scripted[], options: Partial<CallerOptions> = {}) {
  const { transport, sent } = scriptedTransport(script);
  const clock = fakeClock();
  const caller = new Caller({
    token: "fo1_secret_token",
    machinesUrl: "https://machines.test",
    uiexUrl: "https://uiex.test",
    logsUrl: "https://logs.test",
    metricsUrl: "https://metrics.test/prometheus",
    userAgent: "test",
    clock,
    budget: new Budget(options.clock ?? clock),
    transport,
    ...options,
  });
  return { caller, clock, sent };
}
