/** A rollback from the question where to, to its end: a version whose image is gone is built anew from the files of its GitHub release. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Fly, FlyReader } from "../../api/fly";
import { GithubError, type HistoryReader } from "../../api/github";
import { labelOf } from "../audit/image-label";
import { Failure } from "../failure";
import type { Interruption } from "../process";
import { type Archive, buildImage, fetchArchive } from "./archive";
import { isVersionTag, UnknownRelease } from "./ready-version";
import { type Outcome, planRollback, type RollbackOptions, type RollbackPlan, rollBack } from "./roll-back";
import type { Target } from "./target";

/** Where the files of releases come from, and with what an image is built. */
export interface Builder {
  /** @throws Failure without a token, or when no repository is known */
  readonly history: () => HistoryReader;
  readonly env: NodeJS.ProcessEnv;
  readonly interruption: Interruption;
  /** Unix ms. */
  now(): number;
  say(text: string): void;
}

/** What is to be done; `archive` is there where the image has to be built first. */
export interface Intended {
  readonly plan: RollbackPlan;
  readonly archive: Archive | undefined;
}

/** How it ended, by which plan; `archive` is what the image was built from. */
export interface Done extends Intended {
  readonly outcome: Outcome;
}

/** Runs `work` with a folder that is gone afterwards. */
export async function withFolder<T>(work: (folder: string) => Promise<T>): Promise<T> {
  const folder = mkdtempSync(join(tmpdir(), "infra-rollback-"));
  try {
    return await work(folder);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/**
 * The plan. A version of which Fly has no release is looked for among GitHub's, and its files are proven here, before anybody is asked.
 *
 * @throws Failure when there is neither, or the files are not what was released
 */
export async function intend(
  fly: FlyReader,
  target: Target,
  to: string | undefined,
  { builder, folder }: { readonly builder: Builder; readonly folder: string },
): Promise<Intended> {
  try {
    return { plan: await planRollback(fly, target, to), archive: undefined };
  } catch (error) {
    if (!(error instanceof UnknownRelease) || !isVersionTag(to)) throw error;
    const archive = await archiveOf(to, target, builder, folder, error);
    return { plan: await planRollback(fly, target, `registry.fly.io/${target.app}:${to}`), archive };
  }
}

/** Carries it out. Where the registry has lost the image of a version, that version is built anew and put in service. */
export async function perform(
  fly: Fly,
  { plan, archive }: Intended,
  options: RollbackOptions,
  { builder, folder }: { readonly builder: Builder; readonly folder: string },
): Promise<Done> {
  if (archive) return build(archive);
  const outcome = await rollBack(fly, plan, options);
  const { version } = labelOf(plan.to.image);
  if (!outcome.isImageLost || version === undefined) return { plan, archive, outcome };
  builder.say(`The registry has no ${plan.to.image} any more: ${version} is built anew from its release.`);
  try {
    return await build(await archiveOf(version, plan.target, builder, folder));
  } catch (error) {
    if (!(error instanceof Failure || error instanceof GithubError)) throw error;
    return { plan, archive, outcome: { ...outcome, reason: `${outcome.reason}\n${error.message}` } };
  }

  async function build(proven: Archive): Promise<Done> {
    const { env, interruption } = builder;
    builder.say(`Building ${proven.version} from ${proven.name}`);
    const image = await buildImage(proven, plan.target, { folder, env, interruption }, builder.now());
    const built = await planRollback(fly, plan.target, image);
    return { plan: built, archive: proven, outcome: await rollBack(fly, built, options) };
  }
}

async function archiveOf(
  version: string,
  { environment }: Target,
  { history, env, interruption }: Builder,
  folder: string,
  unknown?: Failure,
): Promise<Archive> {
  let reader: HistoryReader;
  try {
    reader = history();
  } catch (error) {
    if (!(error instanceof Failure)) throw error;
    throw unknown
      ? new Failure(`${unknown.message}\nIts GitHub release was not looked for: ${error.message}`, { cause: error })
      : error;
  }
  return fetchArchive(reader, { version, environment }, { folder, env, interruption });
}
