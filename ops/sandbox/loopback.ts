import { isLoopback } from "../../api/fly";
import { Failure } from "../failure";

/**
 * Returns the address when it is on this machine. `file`: where it was read, for the message.
 *
 * @throws Failure otherwise: what plays with the sandbox must never reach a real API, whatever tokens are around
 */
export function loopbackOnly(address: string, file?: string): string {
  if (URL.canParse(address) && isLoopback(address)) return address;
  const next = file === undefined ? "" : ` It stands in a file that no sandbox wrote so; remove it: rm ${file}`;
  throw new Failure(
    `${address} is not on this machine. The sandbox and the demo speak to loopback only, so that they cannot touch anything real. Nothing was sent.${next} [sandbox/not-loopback]`,
  );
}
