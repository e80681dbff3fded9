/** Where Fly answers. No trailing slash, no path. */
export interface Addresses {
  /** Machines API. */
  readonly machinesUrl: string;
  /** GraphQL, logs and metrics. */
  readonly graphqlUrl: string;
  /** Releases and organizations. */
  readonly uiexUrl: string;
}

/** Addresses by flyctl's own env vars (FLY_FLAPS_BASE_URL, FLY_API_BASE_URL, FLY_UIEX_BASE_URL); Fly's public ones where they are not set. */
export function addressesFrom(env: Readonly<Record<string, string | undefined>>): Addresses {
  return {
    machinesUrl: env.FLY_FLAPS_BASE_URL || "https://api.machines.dev",
    graphqlUrl: env.FLY_API_BASE_URL || "https://api.fly.io",
    uiexUrl: env.FLY_UIEX_BASE_URL || "https://api.fly.io",
  };
}

/** True for this machine itself: localhost, 127.0.0.0/8, ::1. */
export function isLoopback(url: string): boolean {
  const { hostname } = new URL(url);
  return hostname === "localhost" || hostname === "[::1]" || /^127(\.\d{1,3}){3}$/.test(hostname);
}

/** The address without trailing slash. Throws when it is none, or when a token would go over plain http to another machine. */
export function checkedAddress(url: string): string {
  const parsed = URL.canParse(url) ? new URL(url) : undefined;
  if (!parsed || (parsed.protocol !== "https:" && parsed.protocol !== "http:")) {
    throw new Error(`"${url}" is not an http address. [fly/address]`);
  }
  if (parsed.username || parsed.password) {
    throw new Error(`The address of ${parsed.host} holds a user name or password; leave them out. [fly/address]`);
  }
  if (parsed.protocol === "http:" && !isLoopback(url)) {
    throw new Error(
      `"${url}" is plain http to another machine, where the token could be read on the way. Use https; plain http is for loopback only. [fly/plain-http]`,
    );
  }
  return url.replace(/\/+$/, "");
}
