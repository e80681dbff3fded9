/** How a new environment stands once its app is there; found by reads alone. */
import type { Fly } from "../../api/fly";
import type { GithubReader } from "../../api/github";
import type { Governance } from "../../config/governance-shape";
import { patience, untilAnswers } from "../preview/health";
import { versionsOf } from "../rollback/roll-back";
import { type Step, step } from "./step";

/** What the looks need. */
export interface Place {
  readonly environment: string;
  readonly app: string;
  readonly fly: Fly;
  /** Where it has to answer 200; undefined: it cannot be reached from here, and Fly's own checks tell. */
  readonly address: string | undefined;
  readonly signal: AbortSignal;
}

/** Machines, their checks, and the address. */
export async function health({ app, fly, address, signal }: Place): Promise<Step> {
  const name = "Health";
  const machines = await fly.machines.list(app);
  const started = machines.filter(({ state }) => state === "started");
  const checks = started.flatMap((machine) => machine.checks ?? []);
  const passing = checks.filter(({ status }) => status === "passing").length;
  const says = [`${started.length} of ${machines.length} machines started, ${passing} of ${checks.length} checks pass`];
  const logs = `fly logs -a ${app}`;
  if (machines.length === 0 || checks.some(({ status }) => status === "critical"))
    return step(name, "failed", says, logs);
  if (address === undefined) return step(name, "done", says);
  const status = await untilAnswers(address, signal);
  if (status === 200) return step(name, "done", [...says, `${address} answers 200`]);
  const answer = `${address} answers ${status || "nothing"} after ${patience.attempts} attempts`;
  return step(name, "failed", [...says, answer], logs);
}

/** What there is to go back to: nothing before the first deployment. */
export async function releases({ environment, app, fly }: Place): Promise<Step> {
  const versions = await versionsOf(fly, app);
  if (versions.length > 0)
    return step("Releases", "done", `${versions.length} completed; see them: npx infra releases ${environment}`);
  const says = "none yet: the machines run the initial image until a push to a branch that deploys it";
  return step("Releases", "by hand", says);
}

/** Whether the GitHub environment is there; undefined: no stack declares one of that name. */
export async function githubEnvironment(
  environment: string,
  github: GithubReader,
  wanted: Governance,
): Promise<Step | undefined> {
  if (!Object.hasOwn(wanted.environments, environment)) return undefined;
  const all = await github.repository(wanted.owner, wanted.name).environments();
  const is = all.some(({ name }) => name === environment);
  const where = `${wanted.owner}/${wanted.name}`;
  return step(
    "GitHub environment",
    is ? "done" : "to do",
    is ? `${where} has ${environment}` : `${where} lacks ${environment}: the stack that governs it is applied`,
  );
}

/**
 * Names of secrets that jobs of the GitHub environment need. Values are a person's to give.
 *
 * @param flyToken prints a token for FLY_API_TOKEN; it goes from program to program and over no screen
 */
export async function githubSecrets(
  environment: string,
  github: GithubReader,
  wanted: Governance,
  flyToken: string,
): Promise<Step> {
  const name = "Secrets of the GitHub environment";
  const live = (await github.repository(wanted.owner, wanted.name).secrets(environment)).map((one) => one.name);
  const declared = wanted.environments[environment]?.secrets ?? [];
  const missing = declared.filter((one) => !one.endsWith("*") && !live.includes(one));
  if (missing.length === 0) return step(name, "done", "every declared name is there");
  const fly = "FLY_API_TOKEN";
  return step(name, "by hand", `missing: ${missing.join(", ")}`, [
    ...(missing.includes(fly)
      ? [`${flyToken} | gh secret set ${fly} --env ${environment} -R ${wanted.owner}/${wanted.name}`]
      : []),
    ...(missing.some((one) => one !== fly) ? [`npx infra secrets sync --environment ${environment}`] : []),
  ]);
}
