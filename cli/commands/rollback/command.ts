import { Failure, Interrupted } from "../../../ops/failure";
import type { Outcome, RollbackPlan } from "../../../ops/rollback/roll-back";
import { defineCommand, type ExitCode, shared } from "../../define-command";
import type { Io } from "../../io";
import type { Tools } from "../../tools";

export const rollback = defineCommand({
  name: "rollback",
  summary:
    "Take an environment back to an earlier image: shows the plan, asks, watches, and restores when it is no better.",
  details:
    "The image changes, not the data. Without --to it is the newest earlier release that completed. It needs no Terraform state, and the next plan is empty. A record and a report are written to artifacts/rollbacks/.",
  positionals: { environment: { doc: "The environment, by the name of its stack." } },
  options: {
    to: {
      type: "string",
      doc: "Where to: a release of Fly (74), a version tag (v1.2.3) or an image reference.",
      placeholder: "release",
    },
    yes: { type: "boolean", doc: "Do not ask. For production, --confirm is needed instead." },
    confirm: { type: "string", doc: "The name of production's app, in place of typing it.", placeholder: "app" },
    watch: { type: "string", doc: "How long to watch afterwards (default 5m; 0s: not at all).", placeholder: "time" },
    address: {
      type: "string",
      doc: "Where users reach the app (default https://<app>.fly.dev; on a sandbox: not asked).",
      placeholder: "url",
    },
    path: {
      type: "strings",
      doc: "A path that has to answer 200 (default / and those of the health checks).",
      placeholder: "path",
    },
    json: shared.json,
  },
  exitCodes: { 0: "rolled back and well", 1: "not rolled back; what runs now is said" },
  examples: ["rollback staging", "rollback production --to 73", "rollback production --to v1.2.3 --confirm hot-dash"],
  async run(values, tools, io) {
    const { chooseStacks, synthesize }: typeof import("../../../ops/project") = require("../../../ops/project");
    const { targetOf }: typeof import("../../../ops/rollback/target") = require("../../../ops/rollback/target");
    const { flyFrom }: typeof import("../../../ops/fly") = require("../../../ops/fly");
    const {
      planRollback,
    }: typeof import("../../../ops/rollback/roll-back") = require("../../../ops/rollback/roll-back");
    const watchMs = watchTime(values.watch);
    const access = flyFrom(tools.env);
    io.progress("Reading the configuration");
    const [stack] = chooseStacks(await synthesize(tools), [values.environment]);
    const target = targetOf(stack as NonNullable<typeof stack>);
    io.progress(`Reading ${target.app}`);
    const plan = await planRollback(access.fly, target, values.to);
    io.progress("");
    io.say(planText(plan));
    await agree(plan, values, tools, io);
    const address = values.address ?? (access.local ? undefined : `https://${target.app}.fly.dev`);
    const paths = values.path.length > 0 ? values.path : [...new Set(["/", ...target.healthPaths])];
    return carryOut(plan, { watchMs, address, paths, json: values.json }, access.fly, tools, io);
  },
});

function watchTime(text = "5m"): number {
  const { durationMs }: typeof import("../../../config/duration") = require("../../../config/duration");
  const ms = durationMs(text);
  if (ms === undefined) {
    throw new Failure(`--watch ${text} is no time. Nothing was changed. Write 5m, 90s or 0s. [infra/watch-time]`);
  }
  return ms;
}

function planText({ target, versions, to, changing, there }: RollbackPlan): string {
  const running = versions.find(({ standing }) => standing === "runs");
  const name = (version: number | undefined, image: string) =>
    version === undefined ? image : `release ${version}, ${image}`;
  return [
    `Rollback of ${target.environment} (${target.app})`,
    `  from  ${running ? name(running.version, running.image) : "what its machines run now"}`,
    `  to    ${name(to.version, to.image)}`,
    ...changing.map(
      (machine) => `  machine ${machine.name} (${machine.id}) in ${machine.region}: gets the image and restarts`,
    ),
    ...there.map((machine) => `  machine ${machine.name} (${machine.id}) in ${machine.region}: runs it already`),
    "  The data stays as it is.",
  ].join("\n");
}

interface Consent {
  readonly yes: boolean;
  readonly confirm: string | undefined;
}

/** Production is confirmed by its app's name, typed or given; every other environment by yes. */
async function agree({ target }: RollbackPlan, { yes, confirm }: Consent, tools: Tools, io: Io): Promise<void> {
  const isProduction = target.environment === "production";
  const expected = isProduction ? target.app : "yes";
  const given = isProduction ? confirm : yes ? "yes" : undefined;
  if (given === expected) return;
  const flag = isProduction ? `--confirm ${target.app}` : "--yes";
  if (given !== undefined) {
    throw new Failure(
      `--confirm says "${given}", and the app is ${target.app}. Nothing was changed. [infra/not-agreed]`,
    );
  }
  if (!io.interactive) {
    throw new Failure(
      `This would change ${target.environment}, and nobody is at a terminal to agree. Nothing was changed. Add ${flag} to go ahead. [infra/needs-yes]`,
    );
  }
  const answer = await io.ask(
    `Roll ${target.environment} back? Only "${expected}" goes ahead: `,
    tools.interruption.soft,
  );
  if (answer === undefined) throw new Interrupted();
  if (answer.trim() !== expected) throw new Failure("Not agreed. Nothing was changed. [infra/not-agreed]");
}

interface Watching {
  readonly watchMs: number;
  readonly address: string | undefined;
  readonly paths: readonly string[];
  readonly json: boolean;
}

async function carryOut(
  plan: RollbackPlan,
  { watchMs, address, paths, json }: Watching,
  fly: import("../../../api/fly").Fly,
  tools: Tools,
  io: Io,
): Promise<ExitCode> {
  const { rollBack }: typeof import("../../../ops/rollback/roll-back") = require("../../../ops/rollback/roll-back");
  const {
    recordOf,
    writeRecord,
  }: typeof import("../../../ops/rollback/record") = require("../../../ops/rollback/record");
  const { systemClock }: typeof import("../../../api/fly") = require("../../../api/fly");
  const { join }: typeof import("node:path") = require("node:path");
  if (address === undefined)
    io.say("The app cannot be reached from here, so its machines and checks are watched and no path is asked.");
  const outcome = await rollBack(fly, plan, {
    watchMs,
    address,
    paths,
    clock: systemClock,
    signal: tools.interruption.soft,
    say: (text) => io.say(`  ${text}`),
    progress: io.progress,
  });
  io.progress("");
  const by = tools.env.GITHUB_ACTOR ?? tools.env.USER ?? "unknown";
  const record = recordOf(plan, outcome, { at: new Date(tools.now()), by });
  const files = writeRecord(join(tools.directory, "artifacts", "rollbacks"), record);
  if (json) io.out(JSON.stringify({ version: 1, command: "rollback", ...record, files }, null, 2));
  else io.out(`${endText(plan, outcome)}\nWritten: ${files.join(", ")}`);
  if (outcome.outcome === "stopped") return 130;
  return outcome.outcome === "rolled-back" ? 0 : 1;
}

function endText({ target, to }: RollbackPlan, { outcome, healthyMs, watched, reason, release }: Outcome): string {
  const { environment, app } = target;
  const again = `npx infra rollback ${environment}`;
  switch (outcome) {
    case "rolled-back": {
      const asked =
        watched && watched.requests > 0 ? `; ${watched.requests} requests, ${watched.failedRequests} failed` : "";
      return `${environment} runs ${to.image} since ${Math.round(healthyMs / 1000)} s after the start, recorded as release ${release}${asked}.`;
    }
    case "restored":
      return `${environment} was not rolled back: what ran before runs again.\n${reason}\nChoose another release: npx infra releases ${environment} [infra/rollback-restored]`;
    case "broken":
      return `${environment} is NOT as before and not rolled back.\n${reason}\nLook at it: fly status -a ${app}; then: ${again} --to <release> [infra/rollback-broken]`;
    case "stopped":
      return `Stopped on the way.\n${reason}\nFinish it: ${again}${to.version === undefined ? ` --to ${to.image}` : ` --to ${to.version}`}`;
  }
}
