import { z } from "zod";
import { type Clock, systemClock } from "../fly/clock";
import { openTransport, type Transport } from "../fly/transport";
import type { GithubAddress } from "./address";
import { Caller } from "./caller";
import type { Github, GithubReader, Viewer } from "./client";
import { GithubError, unlessMissing } from "./error";
import { listed } from "./page";
import { pathOf, repositoryClient, repositoryReader } from "./repository";
import { team, user } from "./shape";

export interface GithubOptions extends GithubAddress {
  readonly token: string;
  /** Ends every call that is under way. */
  readonly signal?: AbortSignal;
  readonly clock?: Clock;
  /** How requests travel. Default: kept-alive connections. */
  readonly transport?: Transport;
}

/** A client of GitHub. Nothing is called before the first method is. */
export function createGithub(options: GithubOptions): Github {
  const caller = callerFor(options);
  const membership = (organization: string, slug: string, login: string) =>
    pathOf("orgs", organization, "teams", slug, "memberships", login);
  return {
    ...reader(caller),
    repository: (owner, name) => repositoryClient(caller, owner, name),
    addTeamMember: async (...where) => {
      await caller.send({ method: "PUT", path: membership(...where), body: { role: "member" }, answer: z.unknown() });
    },
    removeTeamMember: async (...where) => {
      await unlessMissing(caller.send({ method: "DELETE", path: membership(...where), answer: z.unknown() }));
    },
  };
}

/** The same without writes, at run time too: for plan, drift and doctor. */
export const createGithubReader = (options: GithubOptions): GithubReader => reader(callerFor(options));

function callerFor({ clock = systemClock, transport, isLocal, ...options }: GithubOptions): Caller {
  const travels = transport ?? openTransport();
  options.signal?.addEventListener("abort", () => travels.close(), { once: true });
  // GitHub asks for a second between writes; a sandbox on this machine needs no rest.
  const pauses = isLocal ? { writePauseMs: 0, firstPauseMs: 20 } : { writePauseMs: 1000, firstPauseMs: 500 };
  return new Caller({ ...options, ...pauses, clock, transport: travels, userAgent: "hotdash-infra" });
}

const reader = (caller: Caller): GithubReader => ({
  get: (path) =>
    unlessMissing(caller.send({ method: "GET", path: `/${path}`, answer: z.unknown() }).then(({ value }) => value)),
  viewer: () => viewer(caller),
  repository: (owner, name) => repositoryReader(caller, owner, name),
  team: (organization, slug) => {
    const path = pathOf("orgs", organization, "teams", slug);
    return unlessMissing(caller.send({ method: "GET", path, answer: team }).then(({ value }) => value));
  },
  teamMembers: async (organization, slug) => {
    const path = pathOf("orgs", organization, "teams", slug, "members");
    return (await unlessMissing(listed(caller, path, user)))?.map(({ login }) => login);
  },
});

async function viewer(caller: Caller): Promise<Viewer> {
  try {
    const { value, header } = await caller.send({ method: "GET", path: "/user", answer: user });
    const scopes = header("x-oauth-scopes")
      ?.split(",")
      .map((scope) => scope.trim())
      .filter(Boolean);
    return { login: value.login, scopes };
  } catch (error) {
    // An installation token is nobody's: GitHub refuses this one call to it.
    if (error instanceof GithubError && error.kind === "forbidden") return { login: undefined, scopes: undefined };
    throw error;
  }
}
