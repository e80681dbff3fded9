import { Failure } from "./failure";

/**
 * Returns the address when it is on this machine.
 *
 * @throws Failure otherwise: what plays with the sandbox must never reach a real API, whatever tokens are around
 */
export function loopbackOnly(address: string): string {
  const { hostname } = new URL(address);
  if (/^(localhost|127(\.\d{1,3}){3}|\[::1\])$/.test(hostname)) return address;
  throw new Failure(
    `${address} is not on this machine. The sandbox and the demo speak to loopback only, so that they cannot touch anything real. Nothing was sent. [sandbox/not-loopback]`,
  );
}
