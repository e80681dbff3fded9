import type { Fly } from "../api/fly";
import { Failure } from "./failure";

/** Fly as the environment names it: a client, and whether it is a sandbox on this machine. */
export interface FlyAccess {
  readonly fly: Fly;
  readonly local: boolean;
}

/**
 * A client for a command that talks to Fly itself.
 *
 * @throws Failure without a token, and with one or an address that cannot be used
 */
export function flyFrom(env: NodeJS.ProcessEnv): FlyAccess {
  const token = env.FLY_API_TOKEN || env.FLY_ACCESS_TOKEN;
  if (!token) {
    throw new Failure(
      'FLY_API_TOKEN is not set. For the real Fly: export FLY_API_TOKEN="$(fly tokens create deploy -a <app>)". For the sandbox: eval "$(npx infra sandbox env)" [infra/no-token]',
    );
  }
  const { addressesFrom, createFly, isLoopback }: typeof import("../api/fly") = require("../api/fly");
  const addresses = addressesFrom(env);
  try {
    return { fly: createFly({ ...addresses, token }), local: isLoopback(addresses.machinesUrl) };
  } catch (error) {
    throw new Failure(error instanceof Error ? error.message : String(error), { cause: error });
  }
}

/** What Fly said, on which call, what was not done and what to type next, in one text that ends in an id. */
export function explainFlyError(error: Error): string {
  const {
    describeError,
  }: typeof import("../provider/resources/describe-error") = require("../provider/resources/describe-error");
  const described = describeError(error);
  return described ? `${described.summary}. ${described.detail}` : error.message;
}
