import { checkedAddress, isLoopback } from "../fly/address";

/** Where GitHub answers. No trailing slash. */
export interface GithubAddress {
  readonly restUrl: string;
  readonly graphqlUrl: string;
  /** True for the sandbox on this machine. */
  readonly isLocal: boolean;
}

type Env = Readonly<Record<string, string | undefined>>;

/**
 * Addresses by GITHUB_BASE_URL, as the Terraform provider reads it: `https://api.github.com/` where it is not set. A host other than
 * `api.github.com` and `*.ghe.com` has its API below `/api/v3` and `/api/graphql`, which are not part of the variable.
 *
 * @throws Error when it is no address, or when the token would go over plain http to another machine
 */
export function githubAddressFrom(env: Env): GithubAddress {
  const given = env.GITHUB_BASE_URL || "https://api.github.com/";
  const base = checked(given);
  const { hostname } = new URL(base);
  const isLocal = isLoopback(base);
  if (hostname === "api.github.com" || hostname.endsWith(".ghe.com")) {
    return { restUrl: base, graphqlUrl: `${base}/graphql`, isLocal };
  }
  if (base.endsWith("/api/v3")) {
    throw new Error(
      `GITHUB_BASE_URL is ${given}, and ends in /api/v3, which is added to it. Set it to ${base.slice(0, -7)}/ [github/address]`,
    );
  }
  return { restUrl: `${base}/api/v3`, graphqlUrl: `${base}/api/graphql`, isLocal };
}

/** The token of GITHUB_TOKEN, else of GH_TOKEN; undefined: neither is set. */
export const githubTokenFrom = (env: Env): string | undefined => env.GITHUB_TOKEN || env.GH_TOKEN || undefined;

function checked(given: string): string {
  try {
    return checkedAddress(given);
  } catch (error) {
    const words = error instanceof Error ? error.message : String(error);
    const [, about = words] = /^(.*) \[fly\/[a-z-]+\]$/.exec(words) ?? [];
    throw new Error(`GITHUB_BASE_URL cannot be used: ${about} [github/address]`, { cause: error });
  }
}
