/** What `secrets set` and `secrets sync` end with: production agreed to, values written, what is left and what is to be redeployed told. */
import type { Fly } from "../../../api/fly";
import { Failure, Interrupted } from "../../../ops/failure";
import type { Stack } from "../../../ops/project";
import type { SecretMemory } from "../../../ops/secrets/memory";
import type { SecretPlace } from "../../../ops/secrets/place";
import type { Sources } from "../../../ops/secrets/source";
import type { Synced, SyncItem, SyncPlan } from "../../../ops/secrets/sync";
import { announced, failureFacts } from "../../../report/failure-class";
import type { ExitCode } from "../../define-command";
import type { Io } from "../../io";
import type { Tools } from "../../tools";

export interface Writing {
  readonly command: "secrets set" | "secrets sync";
  readonly plan: SyncPlan;
  /** Every stack of the program. */
  readonly all: readonly Stack[];
  readonly sources: Sources;
  readonly memory: SecretMemory;
  /** Places that could not be planned, because their app is not there. */
  readonly absent: readonly SecretPlace[];
  /** Typed in advance where production is written. */
  readonly confirm: string | undefined;
  readonly dryRun: boolean;
  readonly json: boolean;
}

/** Reads where values are: env vars, the files of `--dotenv`, the vault of the configuration. */
export async function openSources(all: readonly Stack[], dotenv: readonly string[], tools: Tools): Promise<Sources> {
  const { vaultOf }: typeof import("../../../ops/declared") = require("../../../ops/declared");
  const { gatherSources }: typeof import("../../../ops/secrets/source") = require("../../../ops/secrets/source");
  return gatherSources({ ...tools, dotenv, vault: vaultOf(all) });
}

/** Carries the plan out, or only tells it. */
export async function write(writing: Writing, tools: Tools, io: Io): Promise<ExitCode> {
  const { plan, dryRun, json, absent } = writing;
  await refuseMixing(writing);
  const due = plan.items.filter(({ writes }) => writes);
  if (!json) for (const line of planLines(plan.items, absent)) io.out(line);
  const open = plan.items.some(({ lacking }) => lacking) || absent.length > 0;
  if (dryRun || due.length === 0) {
    if (json) printJson(writing, undefined, [], io);
    io.say(
      due.length === 0 ? "Nothing to write." : `Nothing was written: ${due.length} would be. Leave out --dry-run.`,
    );
    return open || due.length > 0 ? 2 : 0;
  }
  await agree(due, writing.confirm, tools, io);
  return carryOutAndTell(writing, open, tools, io);
}

async function carryOutAndTell(writing: Writing, open: boolean, tools: Tools, io: Io): Promise<ExitCode> {
  const { carryOut }: typeof import("../../../ops/secrets/sync") = require("../../../ops/secrets/sync");
  const { openGithub }: typeof import("../../../ops/github/connect") = require("../../../ops/github/connect");
  const { flyFrom }: typeof import("../../../ops/fly") = require("../../../ops/fly");
  const { env, interruption } = tools;
  io.progress("Writing");
  const done = await carryOut(writing.plan, writing.memory, {
    fly: () => flyFrom(env).fly,
    github: () => openGithub({ env, signal: interruption.hard }),
    signal: interruption.soft,
  });
  const redeploy = await redeployOf(done, () => flyFrom(env).fly);
  io.progress("");
  const { harmless }: typeof import("../../../report/harmless") = require("../../../report/harmless");
  const problem =
    done.error === undefined
      ? undefined
      : harmless(withoutValues(messageOf(done.error), writing.plan), { lines: true });
  if (writing.json) printJson(writing, { ...done, error: problem }, redeploy, io);
  else for (const line of outcomeLines(done, redeploy)) io.out(line);
  if (problem !== undefined) {
    io.say(
      `${io.paint.say("red", announced(problem))} ${problem}\n${done.written.length} written, ${done.left.length} not. Run it again: it goes on where this ended. [secrets/half-written]`,
    );
    return 1;
  }
  if (interruption.soft.aborted && done.left.length > 0) {
    io.say(`Interrupted: ${done.written.length} written, ${done.left.length} not. Run it again to go on.`);
    return 130;
  }
  return open ? 2 : 0;
}

/** @throws Failure when a preview would get a value of production */
async function refuseMixing({ plan, all, sources }: Writing): Promise<void> {
  const { refuseProductionValues }: typeof import("../../../ops/secrets/sync") = require("../../../ops/secrets/sync");
  const { sourcesIn }: typeof import("../../../ops/secrets/place") = require("../../../ops/secrets/place");
  await refuseProductionValues(plan, async (name) => {
    const found = await Promise.all(sourcesIn("production", all, name).map((source) => sources.valueOf(source)));
    return found.flatMap(({ value }) => (value === undefined ? [] : [value]));
  });
}

/** Production is confirmed by its app's name, typed or given; where no app is written, by "production". */
async function agree(due: readonly SyncItem[], confirm: string | undefined, tools: Tools, io: Io): Promise<void> {
  const production = due.filter(({ place }) => place.environment === "production");
  if (production.length === 0) return;
  const app = production.flatMap(({ place: { target } }) => (target.kind === "fly" ? [target.app] : []))[0];
  const expected = app ?? "production";
  if (confirm === expected) return;
  if (confirm !== undefined) {
    throw new Failure(
      `--confirm says "${confirm}", and production is ${expected}. Nothing was written. [infra/not-agreed]`,
    );
  }
  if (!io.interactive) {
    throw new Failure(
      `This would write ${production.length} secrets of production, and nobody is at a terminal to agree. Nothing was written. Add --confirm ${expected} to go ahead. [infra/needs-yes]`,
    );
  }
  const question = `Write ${production.length} secrets of production? Only "${expected}" goes ahead: `;
  const answer = await io.ask(question, tools.interruption.soft);
  if (answer === undefined) throw new Interrupted();
  if (answer.trim() !== expected) throw new Failure("Not agreed. Nothing was written. [infra/not-agreed]");
}

interface Redeploy {
  readonly app: string;
  /** Machines that have the old value. */
  readonly machines: number;
  /** What gives them the new one. */
  readonly command: string;
}

/** Machines see a new value when they are updated, and only then. An apply updates them for what is declared by name, not for the rest of a group. */
async function redeployOf({ written, unchanged }: Synced, fly: () => Fly): Promise<readonly Redeploy[]> {
  const commands = new Map<string, string>();
  for (const item of written) {
    const { stack, target, declared } = item.place;
    if (target.kind !== "fly" || unchanged.includes(item)) continue;
    const isNamed = declared.includes(item.name);
    if (!isNamed) commands.set(target.app, `fly secrets deploy -a ${target.app}`);
    else if (!commands.has(target.app)) commands.set(target.app, `npx infra apply ${stack}`);
  }
  return Promise.all(
    [...commands].map(async ([app, command]) => ({ app, machines: (await fly().machines.list(app)).length, command })),
  );
}

const reasons: Readonly<Record<SyncItem["verdict"], string>> = {
  missing: "is missing there",
  rotated: "has a new value at its source",
  "changed elsewhere": "was written by somebody else since",
  "not comparable": "cannot be compared: it was not written from here",
  "in step": "is in step",
  "no source": "has no value here",
};

/** What differs, place by place; what is in step is counted. */
function planLines(items: readonly SyncItem[], absent: readonly SecretPlace[]): readonly string[] {
  const lines = [...new Set(items.map(({ place }) => place))].flatMap((place) => {
    const mine = items.filter((item) => item.place === place);
    const told = mine.filter(({ writes, lacking }) => writes || lacking);
    const toWrite = told.filter(({ writes }) => writes).length;
    const inStep = mine.filter(({ verdict }) => verdict === "in step").length;
    const left = mine.length - told.length - inStep;
    const counts = [
      `${toWrite} to write`,
      ...(inStep ? [`${inStep} in step`] : []),
      ...(left ? [`${left} left as they are`] : []),
    ].join(", ");
    return [
      `${place.name}: ${counts}`,
      ...told.map(({ name, verdict, source, lacking }) =>
        lacking
          ? `  ${name} is missing there and has no value here: ${source}`
          : `  ${name} ${reasons[verdict]} (${source})`,
      ),
    ];
  });
  return [...lines, ...absent.map(({ name, stack }) => `${name}: is not there yet; npx infra apply ${stack} makes it`)];
}

function outcomeLines({ written, unchanged, left, error }: Synced, redeploy: readonly Redeploy[]): readonly string[] {
  const place = (items: readonly SyncItem[]) => [...new Set(items.map((item) => item.place.name))].join(", ");
  const same = unchanged.length > 0 ? ` ${unchanged.length} of them held the same value already.` : "";
  return [
    ...(written.length > 0 ? [`Written: ${written.length} to ${place(written)}.${same}`] : []),
    ...left.map(
      (item) => `${isAmbiguous(error) ? "Not known to be written" : "Not written"}: ${item.name} to ${item.place.name}`,
    ),
    ...redeploy.map(({ app, machines, command }) =>
      machines === 0
        ? `${app} has no machine yet; those to come get the new values.`
        : `${machines === 1 ? `1 machine of ${app} keeps the old values until it is` : `${machines} machines of ${app} keep the old values until they are`} updated: ${command}`,
    ),
    ...(written.some(({ place: { target } }) => target.kind === "github")
      ? ["Workflows read the new values at their next run."]
      : []),
  ];
}

/** Whether a write may have arrived although its answer did not. */
const isAmbiguous = (error: unknown): boolean =>
  error instanceof Error && "ambiguous" in error && error.ambiguous === true;

function printJson(
  { command, plan, absent, dryRun }: Writing,
  done: (Omit<Synced, "error"> & { readonly error: string | undefined }) | undefined,
  redeploy: readonly Redeploy[],
  io: Io,
): void {
  const items = plan.items.map((item) => ({
    place: item.place.name,
    environment: item.place.environment ?? null,
    name: item.name,
    verdict: item.verdict,
    source: item.source,
    lacking: item.lacking,
    writes: item.writes,
    written: done?.written.includes(item) ?? false,
  }));
  const more = {
    absent: absent.map(({ name }) => name),
    redeploy,
    ...(done?.error && { error: failureFacts(done.error) }),
  };
  io.out(JSON.stringify({ version: 1, command, dry_run: dryRun, items, ...more }, null, 2));
}

function messageOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  if (error.name !== "FlyError") return error.message;
  const { explainFlyError }: typeof import("../../../ops/fly") = require("../../../ops/fly");
  return explainFlyError(error);
}

/** The other side's words may repeat what it was sent. */
const withoutValues = (text: string, { values }: SyncPlan): string =>
  [...values].reduce(
    (rest, [{ name }, value]) => (value === "" ? rest : rest.replaceAll(value, `[value of ${name}]`)),
    text,
  );
