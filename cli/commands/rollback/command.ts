import { Failure, Interrupted } from "../../../ops/failure";
import type { Builder, Intended } from "../../../ops/rollback/perform";
import type { RollbackPlan } from "../../../ops/rollback/roll-back";
import { defineCommand, type ExitCode, shared } from "../../define-command";
import type { Io } from "../../io";
import type { Tools } from "../../tools";

export const rollback = defineCommand({
  name: "rollback",
  summary:
    "Take an environment back to an earlier image: shows the plan, asks, watches, and restores when it is no better.",
  details:
    "The image changes, not the data. Without --to it is the newest earlier release that completed. A version of which Fly has no image is built anew from the archive of its GitHub release, whose SHA-256 is proven first. It needs no Terraform state, and the next plan is empty. Afterwards machines, checks, critical paths, error rate and database are looked at. A record and a report are written to artifacts/rollbacks/.",
  positionals: { environment: { doc: "The environment, by the name of its stack." } },
  options: {
    to: {
      type: "string",
      doc: "Where to: a release of Fly (74), a version tag (v1.2.3) or an image reference.",
      placeholder: "release",
    },
    yes: { type: "boolean", doc: "Do not ask. For production, --confirm is needed instead." },
    confirm: { type: "string", doc: "The name of production's app, in place of typing it.", placeholder: "app" },
    watch: {
      type: "string",
      doc: "How long to watch afterwards (default what the stack says, else 5m; 0s: not at all).",
      placeholder: "time",
    },
    address: {
      type: "string",
      doc: "Where users reach the app (default https://<app>.fly.dev; on a sandbox: not asked).",
      placeholder: "url",
    },
    path: {
      type: "strings",
      doc: "A path that has to answer 200 (default those that the stack calls critical, else /, and those of the health checks).",
      placeholder: "path",
    },
    repository: {
      type: "string",
      doc: "Where the releases are (default: the one that a stack governs, else $GITHUB_REPOSITORY).",
      placeholder: "owner/name",
    },
    json: shared.json,
  },
  exitCodes: { 0: "rolled back and well", 1: "not rolled back, or not well; what runs now is said" },
  examples: ["rollback staging", "rollback production --to 73", "rollback production --to v1.2.3 --confirm hot-dash"],
  async run(values, tools, io) {
    const { chooseStacks, synthesize }: typeof import("../../../ops/project") = require("../../../ops/project");
    const { targetOf }: typeof import("../../../ops/rollback/target") = require("../../../ops/rollback/target");
    const { flyFrom }: typeof import("../../../ops/fly") = require("../../../ops/fly");
    const { operationOf }: typeof import("../../../ops/declared") = require("../../../ops/declared");
    const {
      intend,
      withFolder,
    }: typeof import("../../../ops/rollback/perform") = require("../../../ops/rollback/perform");
    const { planText }: typeof import("./words") = require("./words");
    const { requireFlyTokens }: typeof import("../../../ops/guard/token") = require("../../../ops/guard/token");
    const watched = watchTime(values.watch);
    const access = flyFrom(tools.env);
    io.progress("Reading the configuration");
    const all = await synthesize(tools);
    const chosen = chooseStacks(all, [values.environment]);
    const target = targetOf(chosen[0] as NonNullable<(typeof chosen)[0]>);
    const wanted = operationOf(chosen)?.rollback ?? usual;
    io.progress(`Reading ${target.app}`);
    await requireFlyTokens(chosen, tools.env);
    const builder = builderFor(all, values.repository, tools, io);
    return withFolder(async (folder) => {
      const intended = await intend(access.fly, target, values.to, { builder, folder });
      io.progress("");
      io.say(planText(intended));
      await agree(intended.plan, values, tools, io);
      return carryOut(intended, access.fly, tools, io, {
        watchMs: watched ?? wanted.monitorMinutes * 60_000,
        address: values.address ?? (access.local ? undefined : `https://${target.app}.fly.dev`),
        paths: values.path.length > 0 ? values.path : [...new Set([...wanted.criticalPaths, ...target.healthPaths])],
        limits: { limitSeconds: wanted.maxMinutes * 60, objectiveSeconds: wanted.objectiveMinutes * 60 },
        json: values.json,
        builder,
        folder,
      });
    });
  },
});

/** Where a stack does not say how it is run. */
const usual = { criticalPaths: ["/"], monitorMinutes: 5, maxMinutes: 5, objectiveMinutes: 2 };

function builderFor(
  stacks: readonly import("../../../ops/project").Stack[],
  given: string | undefined,
  { env, interruption, now }: Tools,
  io: Io,
): Builder {
  const { openReader }: typeof import("../../../ops/github/connect") = require("../../../ops/github/connect");
  const { repositoryOf }: typeof import("../../../ops/github/governed") = require("../../../ops/github/governed");
  const history = () => {
    const { owner, name } = repositoryOf(stacks, given, env);
    return openReader({ env, signal: interruption.soft }).repository(owner, name).history;
  };
  return { history, env, interruption, now, say: (text) => io.say(`  ${text}`) };
}

/** undefined: not given. */
function watchTime(text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  const { durationMs }: typeof import("../../../config/duration") = require("../../../config/duration");
  const ms = durationMs(text);
  if (ms !== undefined) return ms;
  throw new Failure(`--watch ${text} is no time. Nothing was changed. Write 5m, 90s or 0s. [infra/watch-time]`);
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
  readonly limits: { readonly limitSeconds: number; readonly objectiveSeconds: number };
  readonly json: boolean;
  readonly builder: Builder;
  readonly folder: string;
}

async function carryOut(
  intended: Intended,
  fly: import("../../../api/fly").Fly,
  tools: Tools,
  io: Io,
  { watchMs, address, paths, limits, json, builder, folder }: Watching,
): Promise<ExitCode> {
  const { perform }: typeof import("../../../ops/rollback/perform") = require("../../../ops/rollback/perform");
  const { askDatabase }: typeof import("../../../ops/rollback/database") = require("../../../ops/rollback/database");
  const {
    recordOf,
    writeRecord,
  }: typeof import("../../../ops/rollback/record") = require("../../../ops/rollback/record");
  const { systemClock }: typeof import("../../../api/fly") = require("../../../api/fly");
  const { join }: typeof import("node:path") = require("node:path");
  const { endText }: typeof import("./words") = require("./words");
  const { env, directory, interruption } = tools;
  if (address === undefined)
    io.say("The app cannot be reached from here, so its machines and checks are watched and no path is asked.");
  const options = { watchMs, address, paths, clock: systemClock, signal: interruption.soft, progress: io.progress };
  const done = await perform(fly, intended, { ...options, say: builder.say }, { builder, folder });
  const { plan, archive, outcome } = done;
  const isBack = outcome.outcome === "rolled-back";
  const database = isBack ? await askDatabase(env, { directory, interruption }) : ended;
  io.progress("");
  const record = recordOf(plan, outcome, {
    at: new Date(tools.now()),
    by: env.GITHUB_ACTOR ?? env.USER ?? "unknown",
    database: "why" in database ? `${database.answer}: ${database.why}` : database.answer,
    builtFrom: archive ? { archive: archive.name, sha256: archive.sha256 } : null,
    ...limits,
  });
  const files = writeRecord(join(directory, "artifacts", "rollbacks"), record);
  if (json) io.out(JSON.stringify({ version: 1, command: "rollback", ...record, files }, null, 2));
  else io.out(`${endText(done, record)}\nWritten: ${files.join(", ")}`);
  if (outcome.outcome === "stopped") return 130;
  if (isBack && database.answer === "not reached") {
    throw new Failure(
      `${plan.target.environment} runs ${plan.to.image}, and its database was not reached: ${database.why}. Look whether it is there, and whether DATABASE_URL is that of ${plan.target.environment}. [infra/database]`,
    );
  }
  return isBack ? 0 : 1;
}

const ended = { answer: "not asked", why: "it was not rolled back" } as const;
