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
