/** Asks GitHub by `gh api`, a program that is not ours and that a person can run as well. */
import type { GithubReader } from "../../api/github";
import { Failure } from "../failure";
import { type Interruption, runProcess } from "../process";

/** What a `GET` answered; undefined: 404. */
export type Answered = unknown | undefined;

export interface Witness {
  /** Who asked: "gh", or "infra" where no gh is on this machine. */
  readonly name: "gh" | "infra";
  /** @param path below the API's root, without leading slash */
  ask(path: string): Promise<Answered>;
}

export interface WitnessOptions {
  readonly directory: string;
  readonly env: NodeJS.ProcessEnv;
  readonly interruption: Interruption;
  /** Asked instead where there is no gh. */
  readonly github: GithubReader;
}

/** gh where it is on this machine, else our own client. gh gets the token by env var, never as an argument. */
export async function findWitness(options: WitnessOptions): Promise<Witness> {
  const { directory, env, interruption, github } = options;
  const program = env.GH || "gh";
  const childEnv = ghEnvironment(env);
  const run = (args: readonly string[]) => runProcess(program, args, { directory, env: childEnv, interruption });
  try {
    await run(["--version"]);
  } catch (error) {
    if (!(error instanceof Failure)) throw error;
    return { name: "infra", ask: github.get };
  }
  return {
    name: "gh",
    async ask(path) {
      const { code, stdout, stderr } = await run(["api", path]);
      if (code === 0) return JSON.parse(stdout);
      if (/\(HTTP 404\)/.test(stderr)) return undefined;
      throw new Failure(
        `gh api ${path} failed: ${stderr.trim()}. Nothing was confirmed. See what the token lacks: npx infra doctor [github/gh]`,
      );
    },
  };
}

/** gh takes a sandbox for its proxy: it speaks plain http to the name github.localhost only. */
function ghEnvironment(env: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  const { githubAddressFrom, githubTokenFrom }: typeof import("../../api/github") = require("../../api/github");
  const { restUrl, isLocal } = githubAddressFrom(env);
  const token = githubTokenFrom(env);
  const quiet = { GH_PROMPT_DISABLED: "1", GH_NO_UPDATE_NOTIFIER: "1", NO_COLOR: "1" };
  const tokens = { GH_TOKEN: token, GH_ENTERPRISE_TOKEN: token };
  if (isLocal) {
    const url = new URL(restUrl).origin;
    return { ...env, ...quiet, ...tokens, GH_HOST: "github.localhost", HTTP_PROXY: url, HTTPS_PROXY: NOWHERE };
  }
  return { ...env, ...quiet, ...tokens, GH_HOST: new URL(restUrl).hostname.replace(/^api\./, "") };
}

/** A port that nobody listens on: beside a sandbox nothing may leave this machine. */
const NOWHERE = "http://127.0.0.1:9";
