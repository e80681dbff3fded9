import type { Configuration, Environment } from "../../../config/schema";
import { secretScopes } from "../../managed/policy";
import { run, type Script } from "../model/script";
import type { Env, Step } from "../model/step";
import { handed } from "./secret";

/** The token of the GitHub environment that the job names; outside of one the repository's. */
export const flyToken: Env = handed(["FLY_API_TOKEN"]);

/** GitHub environment of a deploy target. Its name is the deploy target's unless the configuration says another. */
export const githubEnvironment = ({ githubEnvironment: name, url }: Environment, otherwise: string) => ({
  name: name ?? otherwise,
  url,
});

/** Paths that have to answer 200: those that a rollback has to bring back, and those of health checks. */
export function healthyPaths({ delivery }: Configuration, { groups }: Environment): string {
  const services = Object.values(groups).flatMap((group) => group.services ?? []);
  const checked = services.flatMap(({ checks = [] }) => checks.map(({ path }) => path ?? "/"));
  return [...new Set([...delivery.rollback.criticalPaths, ...checked])].join(",");
}

/** How many machines are started whatever happens; the others may sleep. */
export const startedMachines = ({ groups }: Environment): number =>
  Object.values(groups).reduce((sum, { machines = 1, services = [] }) => {
    const all = typeof machines === "number" ? machines : machines.min;
    const sleeps = services.some(({ autostop = "off" }) => autostop !== "off");
    return sum + (sleeps ? Math.min(all, ...services.map(({ minRunning = 0 }) => minRunning)) : all);
  }, 0);

/** Whether a new app is to have one machine for each group; flyctl would make a second one. */
export const hasSingleMachines = ({ groups }: Environment): boolean =>
  Object.values(groups).every(({ machines = 1 }) => (typeof machines === "number" ? machines : machines.min) === 1);

/** Secrets that the process needs at run time and that the GitHub environment `scope` holds: each group by its members. */
export function runtimeSecrets(config: Configuration, scope: string): readonly string[] {
  const { secrets = [] } = config.repository.environments[scope] ?? {};
  const members = secrets.flatMap((name) => config.secrets.groups[name] ?? []);
  const names = [...(secretScopes(config)[scope] ?? []), ...members];
  return [...new Set(names)].filter((name) => name !== "FLY_API_TOKEN" && !name.endsWith("*")).sort();
}

/** Fails where a secret that is declared for a GitHub environment is missing; says each by name. */
export const verifySecrets = (config: Configuration, scope: string): Step => ({
  name: "Verify secrets",
  env: handed(["FLY_API_TOKEN", ...runtimeSecrets(config, scope)]),
  run: run`bash scripts/verify_secrets.sh ${scope} | tee secret-check.txt`,
});

/** Hands the process's secrets to Fly, where the workflows are to (`secrets.runtime_store` "github"). */
export const importSecrets = (config: Configuration, app: string, scope: string): readonly Step[] =>
  config.secrets.runtimeStore === "github" ? [importing(config, run`${app}`, scope)] : [];

/** Hands the process's secrets to an app whose name is a word of the script. */
export function importing(config: Configuration, app: Script, scope: string, env: Env = {}): Step {
  const names = runtimeSecrets(config, scope);
  return {
    name: "Hand over secrets",
    env: { ...env, ...flyToken, ...handed(names) },
    run: run`node scripts/ops/secrets-import.mjs --app ${app} --names ${names.join(",")}`,
  };
}
