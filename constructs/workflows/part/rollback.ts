import type { DeliveryShape } from "../../../config/delivery-shape";
import type { Configuration, Environment } from "../../../config/schema";
import { noticeSecrets } from "../../../config/workflow-secret";
import { context, type Secret, secret, type Trusted, text, when } from "../model/expression";
import { run, type Script } from "../model/script";
import { type Env, type RunStep, type Step, type StepHandle, step } from "../model/step";
import { keep } from "./artifact";
import { flyToken, healthyPaths, startedMachines } from "./fly";
import { notify } from "./notify";
import { handed } from "./secret";

type Clock = StepHandle<RunStep<"ms">, "ms">;
type Deployment = StepHandle<RunStep<"image" | "tries">, "image" | "tries">;

/**
 * Secrets that a rollback is called with. A called job has only what its caller hands over by name; where it names a GitHub environment, the
 * values of that take their place.
 */
const names = ({ notifications }: DeliveryShape): readonly string[] => [
  "FLY_API_TOKEN",
  ...noticeSecrets(notifications),
];

const databaseUrl = "DATABASE_URL";

/** What the caller of a rollback hands over. */
export const secretsForCall = (delivery: DeliveryShape): Readonly<Record<string, Secret>> =>
  Object.fromEntries(names(delivery).map((name) => [name, secret(name)]));

/** What `on.workflow_call` of a rollback says of them, and of the one that only its GitHub environment has. */
export const secretsOfCall = (delivery: DeliveryShape) =>
  Object.fromEntries(
    [...names(delivery), databaseUrl].map((name) => [
      name,
      { description: "Of the repository, unless the environment has one", required: false },
    ]),
  );

/** First step of a rollback: its time counts from here. */
export const startClock = (): Clock =>
  step("clock", {
    name: "Start the clock",
    run: run`echo "ms=$(date +%s%3N)" >> "$GITHUB_OUTPUT"`,
    outputs: ["ms"],
  });

/** Deploys what `what` names, an image or a folder, without the release command: that ran when the image was deployed first. */
export const putBack = (
  { delivery }: Configuration,
  target: Environment,
  { env, what }: { readonly env: Env; readonly what: Script },
): Deployment =>
  step("rollback", {
    name: "Put it in service",
    env: { ...flyToken, ...env },
    run: run`
      node scripts/ops/deploy.mjs --app ${target.app} --config ${target.flyToml ?? "fly.toml"} ${what} \\
        --tries ${delivery.production.tries} --skip-release-command --log artifacts/rollbacks/deploy.log
    `,
    outputs: ["image", "tries"],
  });

/** Verification, report, record and notice of a rollback (specification 11.1). */
export function afterRollback(
  config: Configuration,
  target: Environment,
  {
    environment,
    clock,
    deploy,
    version,
    asksDatabase = true,
  }: {
    readonly environment: string;
    readonly clock: Clock;
    readonly deploy: Deployment;
    readonly version?: Trusted;
    /** Needs the GitHub environment, which alone has the database's address. */
    readonly asksDatabase?: boolean;
  },
): readonly Step[] {
  const { rollback, retention } = config.delivery;
  const verify = step("verify", {
    name: "Watch it",
    env: { ...flyToken, IMAGE: deploy.output("image"), SINCE: clock.output("ms") },
    run: run`
      node scripts/ops/verify-deployment.mjs --app ${target.app} --url ${target.url} --paths ${healthyPaths(config, target)} \\
        --image "$IMAGE" --since "$SINCE" --started ${startedMachines(target)} --watch ${rollback.monitorMinutes * 60} \\
        --limit ${rollback.maxMinutes * 60} --report artifacts/rollbacks/health.json
    `,
    outputs: ["outcome", "back_after", "errors"],
  });
  const database = step("database", {
    name: "Ask the database",
    env: handed([databaseUrl]),
    run: run`bash scripts/ops/check-database.sh`,
    outputs: ["database"],
  });
  return [
    verify,
    ...(asksDatabase ? [database] : []),
    {
      name: "Record the rollback",
      if: when`!cancelled()`,
      env: {
        RECORD_APP: target.app,
        RECORD_ENVIRONMENT: environment,
        ...(version && { RECORD_VERSION: version }),
        RECORD_IMAGE: deploy.output("image"),
        RECORD_OUTCOME: context("job.status"),
        RECORD_HEALTH: verify.output("outcome"),
        RECORD_DATABASE: asksDatabase ? database.output("database") : "not asked: only a job with approval may",
        RECORD_ERROR_PERCENT: verify.output("errors"),
        RECORD_BACK_AFTER_SECONDS: verify.output("back_after"),
        RECORD_OBJECTIVE_SECONDS: rollback.objectiveMinutes * 60,
        RECORD_LIMIT_SECONDS: rollback.maxMinutes * 60,
      },
      run: run`node scripts/ops/record.mjs --kind rollback --file artifacts/rollbacks/record.json`,
    },
    keep(
      text`${environment}-rollback-${context("github.run_id")}-${context("github.run_attempt")}`,
      "artifacts/rollbacks",
      retention.auditDays,
      { optional: true },
    ),
    notify(config.delivery, {
      kind: "rollback",
      summary: `${target.app} was rolled back, or should have been: see the outcome`,
      if: when`!cancelled()`,
      details: {
        outcome: context("job.status"),
        health: verify.output("outcome"),
        "back-after-seconds": verify.output("back_after"),
        image: deploy.output("image"),
      },
    }),
  ];
}
