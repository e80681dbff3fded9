/** The way to GitHub from this shell's env vars. */
import type { Github, GithubReader } from "../../api/github";
import { Failure } from "../failure";

/** Where the token and the address come from, and what ends the calls. */
export interface Shell {
  readonly env: NodeJS.ProcessEnv;
  readonly signal: AbortSignal;
}

/** The shell for what only reads: Terraform and its checks never hold the token that comments, where INFRA_READ_TOKEN only reads. */
export function readingEnv(env: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  const { INFRA_READ_TOKEN: token, ...rest } = env;
  return token ? { ...rest, GITHUB_TOKEN: token, GH_TOKEN: token } : rest;
}

/** GitHub without its writes. @throws Failure without a token or with an address that cannot be used */
export function openReader(shell: Shell): GithubReader {
  const { createGithubReader }: typeof import("../../api/github") = require("../../api/github");
  return createGithubReader(optionsFrom(shell));
}

/** GitHub. @throws Failure without a token or with an address that cannot be used */
export function openGithub(shell: Shell): Github {
  const { createGithub }: typeof import("../../api/github") = require("../../api/github");
  return createGithub(optionsFrom(shell));
}

function optionsFrom({ env, signal }: Shell) {
  const { githubAddressFrom, githubTokenFrom }: typeof import("../../api/github") = require("../../api/github");
  const token = githubTokenFrom(env);
  if (token === undefined) {
    throw new Failure(
      'Neither GITHUB_TOKEN nor GH_TOKEN is set, so GitHub was not asked. For the real GitHub: export GITHUB_TOKEN="$(gh auth token)". For the sandbox: eval "$(npx infra sandbox env)" [github/no-token]',
    );
  }
  const { isTokenLike }: typeof import("../../api/fly/token") = require("../../api/fly/token");
  if (!isTokenLike(token)) {
    throw new Failure(
      "The token for GitHub holds a line break, a quote or another character that no token has, so it was not sent. Set it anew, on one line: export GITHUB_TOKEN=... [github/token-malformed]",
    );
  }
  try {
    return { ...githubAddressFrom(env), token, signal };
  } catch (error) {
    throw new Failure(error instanceof Error ? error.message : String(error), { cause: error });
  }
}
