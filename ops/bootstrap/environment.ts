/** A new environment from nothing: looked at, planned, made, looked at again. A run that was cut off is finished by the next one. */
import { rmSync } from "node:fs";
import type { Fly } from "../../api/fly";
import type { GithubReader } from "../../api/github";
import type { Governance } from "../../config/governance-shape";
import { type AppliedStack, applyPlans } from "../apply";
import { declaredIn } from "../declared";
import { manual } from "../doctor/doctor";
import { requireScopes, withGovernance } from "../github/before-apply";
import { openReader } from "../github/connect";
import { governanceOf } from "../github/governed";
import { type PlannedStack, planStacks, type Running } from "../plan";
import { removePreview } from "../preview/orphan";
import type { PreviewPattern } from "../preview/pattern";
import type { ProjectOptions, Stack } from "../project";
import { githubEnvironment, githubSecrets, health, type Place, releases } from "./outcome";
import { prerequisites } from "./prerequisite";
import { type Step, step } from "./step";

export interface Site {
  readonly environment: string;
  /** All of the program. */
  readonly stacks: readonly Stack[];
  /** The one of the environment's app. */
  readonly stack: Stack;
  /** Previews: the app is made to try it, and removed again. undefined: it stays. */
  readonly trial: { readonly pattern: PreviewPattern; readonly number: number } | undefined;
  readonly project: ProjectOptions;
  readonly running: Running;
  readonly fly: Fly;
  /** Whether Fly is a sandbox on this machine. */
  readonly local: boolean;
}

export interface PlannedBootstrap {
  readonly steps: readonly Step[];
  /** Empty where something has to be put right first; else their files have to be discarded. */
  readonly plans: readonly PlannedStack[];
}

/** Looks at everything and plans; changes nothing. @throws Failure when the token for GitHub cannot do what is planned */
export async function planBootstrap(site: Site): Promise<PlannedBootstrap> {
  const { environment, stacks, stack, project, running } = site;
  const place = placeOf(site);
  const { app, fly } = place;
  const before = await prerequisites(stacks, stack, project, {
    appExists: async () => (await fly.apps.find(app)) !== undefined,
    secrets: async () => (await fly.secrets.list(app)).map(({ name }) => name),
  });
  if (before.some(({ state }) => state === "failed"))
    return { steps: [...before, step(`App ${app}`, "waits", "planned once the steps before are done")], plans: [] };
  const governed = governedIn(site);
  const found = governed && (await githubEnvironment(environment, governed.github, governed.wanted));
  const chosen = [stack, ...(governed && found?.state === "to do" ? [governed.stack] : [])];
  const plans = await withGovernance(await planStacks(chosen, running, { lock: true }), running);
  await requireScopes(plans, running);
  const rest = plans.find((one) => one.stack === governed?.stack);
  const steps = [
    ...before,
    ...plans
      .filter((one) => one.stack === stack)
      .map((one) => planned(one, site.trial ? `Trial ${app}` : `App ${app}`)),
    ...(found ? [rest ? planned(rest, found.name, found.says) : found] : []),
    step("Health", "waits", "asked once the app is there"),
  ];
  return { steps, plans };
}

/** Carries out what was planned, and looks at all of it. A step that failed does not hide the others. */
export async function carryOut(site: Site, { steps, plans }: PlannedBootstrap): Promise<readonly Step[]> {
  const { running, trial, fly, environment } = site;
  const place = placeOf(site);
  const results = await applyInOrder(plans, running);
  const made = (name: string) => results.find(({ stack }) => stack === name);
  try {
    const app = appStep(steps, place.app, made(site.stack.name));
    const governed = governedIn(site);
    const found = governed && (await githubEnvironment(environment, governed.github, governed.wanted));
    const isThere = app.state === "done";
    const token = `fly tokens create ${trial ? `org ${trial.pattern.organization}` : `deploy -a ${place.app}`}`;
    return [
      ...steps.slice(0, 3),
      app,
      ...(found ? [afterwards(found, made(governed.stack.name))] : []),
      isThere ? await health(place) : step("Health", "waits", "asked once the app is there"),
      ...(governed && found?.state === "done"
        ? [await githubSecrets(environment, governed.github, governed.wanted, token)]
        : []),
      ...(isThere && !trial ? [await releases(place)] : []),
      ...manual.map(({ name, says, next = [] }) => step(name, "by hand", says, next)),
    ];
  } finally {
    if (trial) await removePreview(fly, trial.pattern, trial.number);
    if (trial) rmSync(site.stack.directory, { recursive: true, force: true });
  }
}

/** The app first: where Fly refuses it, nothing is made on GitHub either. */
async function applyInOrder(plans: readonly PlannedStack[], running: Running): Promise<readonly AppliedStack[]> {
  const results: AppliedStack[] = [];
  for (const plan of plans) {
    results.push(...(await applyPlans([plan], running, (name) => running.say(`Applying ${name}`))));
    if (results.some(({ outcome }) => outcome !== "applied")) break;
  }
  return results;
}

function placeOf({ environment, stack, fly, local, running }: Site): Place {
  const [app = ""] = declaredIn([stack]).apps;
  const address = local ? undefined : `https://${app}.fly.dev/health`;
  return { environment, app, fly, address, signal: running.interruption.soft };
}

interface Governed {
  readonly stack: Stack;
  readonly wanted: Governance;
  readonly github: GithubReader;
}

/** undefined: no stack governs a repository. */
function governedIn({ stacks, project: { env, interruption } }: Site): Governed | undefined {
  const [first] = stacks.flatMap((stack) => {
    const wanted = governanceOf(stack);
    return wanted ? [{ stack, wanted }] : [];
  });
  return first && { ...first, github: openReader({ env, signal: interruption.soft }) };
}

function planned({ report }: PlannedStack, name: string, says: readonly string[] = []): Step {
  const { outcome, actions, troubles, stack } = report;
  if (outcome === "same") return step(name, "done", `stack ${stack} is as declared`);
  if (outcome === "error")
    return step(
      name,
      "failed",
      troubles.map(({ summary, detail }) => `${summary}: ${detail}`),
      `npx infra plan ${stack}`,
    );
  const count = Object.keys(actions).length;
  return step(name, "to do", [...says, `stack ${stack}: ${count} ${count === 1 ? "change" : "changes"}, shown above`]);
}

function appStep(steps: readonly Step[], app: string, result: AppliedStack | undefined): Step {
  const before = steps.find(({ name }) => name.endsWith(` ${app}`)) ?? step(`App ${app}`, "waits", "not planned");
  if (!result) return before;
  if (result.outcome === "applied") return step(before.name, "done", `made: ${result.done.length} changes`);
  return step(before.name, "failed", whyNot(result), `npx infra apply ${result.stack}`);
}

/** The environment may be there although the rest of the stack that governs the repository is not as declared. */
function afterwards(found: Step, result: AppliedStack | undefined): Step {
  if (!result || result.outcome === "applied") return found;
  const next = `npx infra apply ${result.stack}`;
  if (found.state !== "done") return step(found.name, "failed", whyNot(result), next);
  const [first = "", second = "", ...more] = whyNot(result).join("\n").split("\n");
  const rest = [
    `the rest of stack ${result.stack} is not as declared: ${first}`,
    second.trim(),
    more.length > 0 ? `and ${more.length} lines more` : "",
  ];
  return step(found.name, "done", [...found.says, ...rest.filter(Boolean)], next);
}

const whyNot = ({ outcome, troubles }: AppliedStack): readonly string[] =>
  troubles.length > 0 ? troubles.map(({ summary, detail }) => `${summary}: ${detail}`) : [outcome];
