/** `secrets audit --logs`: looks for the values of this shell in logs, and tells where one stands without showing it. */
import { Failure } from "../../../ops/failure";
import type { LogSearch } from "../../../ops/secrets/log-search";
import { announced, failureFacts } from "../../../report/failure-class";
import type { ExitCode } from "../../define-command";
import type { Io } from "../../io";
import type { Tools } from "../../tools";
import type { Places } from "./places";

export interface Leaks {
  readonly since: string | undefined;
  readonly runs: number | undefined;
  readonly dotenv: readonly string[];
  readonly json: boolean;
}

/** @throws Failure when this shell has no value to look for */
export async function searchForLeaks(
  { all, chosen, places }: Places,
  { since, runs = 20, dotenv, json }: Leaks,
  tools: Tools,
  io: Io,
): Promise<ExitCode> {
  const { openSources }: typeof import("./writing") = require("./writing");
  const {
    searchLogs,
    valuesAtHand,
  }: typeof import("../../../ops/secrets/log-search") = require("../../../ops/secrets/log-search");
  const { periodOf }: typeof import("../../../ops/audit/period") = require("../../../ops/audit/period");
  const { openReader }: typeof import("../../../ops/github/connect") = require("../../../ops/github/connect");
  const { flyFrom }: typeof import("../../../ops/fly") = require("../../../ops/fly");
  const { env, interruption } = tools;
  const period = periodOf(since, undefined, { now: new Date(tools.now()), otherwise: 7 });
  const wanted = await valuesAtHand(places, await openSources(all, dotenv, tools));
  if (wanted.length === 0) {
    throw new Failure(
      "This shell has no value of a declared secret, so there is nothing to look for. Nothing was searched. Give values as env vars, with --dotenv or in the vault. [secrets/nothing-to-find]",
    );
  }
  const found = await searchLogs(places, chosen, wanted, {
    period,
    runs,
    github: () => openReader({ env, signal: interruption.soft }),
    fly: () => flyFrom(env).fly,
    progress: io.progress,
  });
  io.progress("");
  const { leaks } = found;
  const detected = `${leaks.length === 1 ? "A value of a secret stands" : "Values of secrets stand"} in logs. Nothing was changed. Revoke each at its issuer first, make a new value and write it (npx infra secrets set NAME), then delete the log, and search the history: npm run scan. [secrets/leak]`;
  if (json) {
    const error = leaks.length > 0 ? { error: failureFacts(detected) } : {};
    io.out(JSON.stringify({ version: 1, command: "secrets audit", logs: found, ...error }, null, 2));
  } else tell(found, io);
  if (leaks.length === 0) return 0;
  io.say(`${io.paint.say("red", announced(detected))} ${detected}`);
  return 2;
}

function tell({ leaks, values, runs, jobs, apps, gone, short, cut }: LogSearch, io: Io): void {
  const { count }: typeof import("../../../report/terminal") = require("../../../report/terminal");
  const { harmless }: typeof import("../../../report/harmless") = require("../../../report/harmless");
  for (const { name, log, line, url, remove } of leaks) {
    io.out(`${io.paint.out("red", name)} stands in ${harmless(log)}, line ${line}: ${url}`);
    if (remove !== undefined) io.out(`  delete that log: ${remove}`);
  }
  const where = `${count(jobs, "job")} of ${count(runs, "run")} and in ${count(apps, "app")}`;
  io.out(`Looked for ${count(values, "value")} in ${where}; ${leaks.length} found.`);
  if (gone > 0) io.say(`GitHub has no log of ${count(gone, "job")}, or none any more.`);
  for (const app of cut) io.say(`${app} has logged more than was read: take a shorter time with --since.`);
  if (short.length > 0) io.say(`Too short to be looked for: ${short.join(", ")}.`);
}
