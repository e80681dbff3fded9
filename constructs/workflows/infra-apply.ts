import type { Configuration, Environment } from "../../config/schema";
import { infra } from "./command";
import { context, secret, type Untrusted, when } from "./model/expression";
import { type Job, type JobHandle, job, read } from "./model/job";
import { run } from "./model/script";
import { type Env, type Step, step } from "./model/step";
import { inputsOf, type Workflow, workflow } from "./model/workflow";
import { appToken } from "./part/app-token";
import { keep } from "./part/artifact";
import { checkout } from "./part/checkout";
import { flyToken } from "./part/fly";
import { stateCredentials } from "./part/state";
import { node, terraform } from "./part/tool";

type Stack = "staging" | "production" | "github" | "workflows";

/** A Fly app that workflows apply, by the GitHub environment that holds its token. */
interface Target {
  readonly stack: "staging" | "production";
  readonly environment: Environment;
  readonly scope: string;
}

/**
 * Applies what was reviewed. Every stack is planned first, with tokens that read. Then one job writes for each set of tokens: the GitHub environment
 * of a Fly app holds that app's token and asks for its approvals; `infrastructure` holds the GitHub App's key. An app whose configuration names no
 * GitHub environment is applied by hand.
 */
export function infraApply(config: Configuration): Workflow {
  const { inputs, read: asked } = inputsOf({
    destroy: { type: "boolean", description: "The plan may destroy objects", default: false },
  });
  const targets = (["staging", "production"] as const).flatMap((stack): Target[] => {
    const environment = config.environments[stack];
    return environment?.githubEnvironment ? [{ stack, environment, scope: environment.githubEnvironment }] : [];
  });
  const plan = planning(config, [...targets.map(({ stack }) => stack), "github", "workflows"], asked.destroy);
  const jobs: Job[] = [];
  for (const target of targets) jobs.push(applying(config, plan, jobs.at(-1), target));
  return workflow({
    file: "infra-apply.yml",
    name: "Infrastructure Apply",
    purpose: "Makes Fly and GitHub as the default branch declares them.",
    on: { push: { branches: [config.repository.defaultBranch] }, manual: { inputs } },
    concurrency: { group: "infra-apply", cancelInProgress: false },
    jobs: [plan, ...jobs, governing(config, plan)],
  });
}

/** Plans all stacks and decides which are applied: scripts/ops/apply-gate.mjs says by what. */
function planning(config: Configuration, stacks: readonly Stack[], mayDestroy: Untrusted): JobHandle<Stack> {
  const app = appToken("read");
  const gate = step("gate", {
    name: "Plan, and decide what is applied",
    env: {
      ...flyToken,
      GITHUB_TOKEN: app.output("token"),
      GH_TOKEN: context("github.token"),
      MAY_DESTROY: mayDestroy,
      ...stateCredentials(config.state),
    },
    run: run`node scripts/ops/apply-gate.mjs --stacks ${stacks.join(",")} --production production --report plan.json`,
    outputs: ["staging", "production", "github", "workflows"],
  });
  return job({
    id: "plan",
    environment: { name: "infrastructure" },
    permissions: {
      contents: "read",
      "pull-requests": read("looks for the labels of the merged pull request"),
      statuses: read("labels count where its review passed"),
    },
    timeoutMinutes: 15,
    outputs: {
      staging: gate.output("staging"),
      production: gate.output("production"),
      github: gate.output("github"),
      workflows: gate.output("workflows"),
    },
    steps: [
      ...sharedState(config),
      checkout(),
      ...tools(config),
      app,
      gate,
      keep("plan", "plan.json", config.delivery.retention.auditDays, { optional: true }),
    ],
  });
}

/** Applies the stack of one Fly app; the one before it has to have gone well. No deployment or rollback of the app runs meanwhile. */
function applying(
  config: Configuration,
  plan: JobHandle<Stack>,
  before: Job | undefined,
  { stack, environment, scope }: Target,
): Job {
  return job({
    id: `apply-${stack}`,
    needs: before ? [before] : [],
    if: when`!failure() && !cancelled() && ${plan.output(stack)} == ${"true"}`,
    environment: { name: scope, url: environment.url },
    concurrency: { group: stack, cancelInProgress: false },
    permissions: { contents: "read" },
    timeoutMinutes: 20,
    steps: [
      checkout(),
      ...tools(config),
      {
        name: `Apply ${stack}`,
        env: { ...flyToken, ...sources(environment), ...stateCredentials(config.state) },
        // Production asks for its app by name; its approval is that of the GitHub environment above.
        run: infra("apply", ...(stack === "production" ? ["--confirm", environment.app] : ["--yes"]), stack),
      },
    ],
  });
}

/** Applies the settings of the repository and proposes its files; a proposal that waits for its merge is no failure. */
function governing(config: Configuration, plan: JobHandle<Stack>): Job {
  const app = appToken("write");
  return job({
    id: "apply-github",
    if: when`${plan.output("github")} == ${"true"} || ${plan.output("workflows")} == ${"true"}`,
    environment: { name: "infrastructure" },
    permissions: { contents: "read" },
    timeoutMinutes: 15,
    steps: [
      checkout(),
      ...tools(config),
      app,
      {
        name: "Apply github and workflows",
        env: { GITHUB_TOKEN: app.output("token"), ...stateCredentials(config.state) },
        run: run`
          found=0
          ${infra("apply", "--yes", "github", "workflows")} || found=$?
          if [ "$found" = 2 ]; then
            echo "::notice title=Proposed::the changed files are in a pull request and wait for its merge"
            exit 0
          fi
          exit "$found"
        `,
      },
    ],
  });
}

/** A runner keeps no files: with the state in one, every run would begin from nothing. */
const sharedState = ({ state }: Configuration): readonly Step[] =>
  state.backend === "local"
    ? [
        {
          name: "Refuse a state that nobody shares",
          run: run`
            echo "::error title=No shared state::Terraform's state is a file of a checkout, which a runner does not have. Set state to pg, s3 or hcp in the configuration."
            exit 1
          `,
        },
      ]
    : [];

/** Without a cache: what production gets must not come from one, since any branch can write caches (W11). */
const tools = ({ delivery }: Configuration): readonly Step[] => [
  ...node(delivery, { cache: false }),
  terraform(delivery),
];

/** The secrets that an apply hands to Fly, under the names by which the configuration looks for them. */
const sources = ({ secrets = {} }: Environment): Env =>
  Object.fromEntries(Object.entries(secrets).map(([name, { env = [] }]) => [env[0] ?? name, secret(name)]));
