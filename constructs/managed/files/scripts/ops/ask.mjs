/**
 * One GET, followed nowhere: `{ status, body, milliseconds }`, and `problem` where no answer came in `timeoutMs`.
 *
 * The problem holds no word of the other side and no header, since these may hold a secret.
 */
export async function ask(url, { headers = {}, timeoutMs = 10_000 } = {}) {
  const began = performance.now();
  const taken = () => Math.round(performance.now() - began);
  try {
    const answer = await fetch(url, { headers, redirect: "manual", signal: AbortSignal.timeout(timeoutMs) });
    const body = await answer.text();
    return { status: answer.status, body, milliseconds: taken() };
  } catch (error) {
    const slow = error.name === "TimeoutError";
    const problem = slow
      ? `does not answer in ${timeoutMs / 1000} s`
      : `cannot be reached (${error.cause?.code ?? error.name})`;
    return { body: "", milliseconds: taken(), problem };
  }
}

/** Asks a target of scripts/policy/policy.json once, as docs/probe-report.md of hotdash-infra has it; `problem` is null when all is well. */
export async function probe({ url, holds, maxResponseMs = Number.POSITIVE_INFINITY }) {
  const at = new Date().toISOString();
  const { status = null, body, milliseconds, problem } = await ask(url);
  const lacking = holds.filter((text) => !compact(body).includes(compact(text)));
  const complaints = [
    status !== 200 && `answers ${status}`,
    status === 200 && lacking.length > 0 && `does not say ${lacking.join(" and ")}`,
    milliseconds > maxResponseMs && `takes ${milliseconds} ms of ${maxResponseMs}`,
  ];
  const said = problem ?? complaints.filter(Boolean).join(", ");
  return { at, http_status: status, response_ms: milliseconds, problem: said || null };
}

const compact = (text) => text.replace(/\s+/g, "");
