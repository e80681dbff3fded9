/** Which releases of an app can be gone back to; pure. */
import type { Machine, Release } from "../../api/fly";
import { type ImageRelease, standingRelease } from "../../provider/resources/process-group/standing-release";
import { runsImage } from "../../provider/rollout/image";
import { Failure } from "../failure";

export interface ReadyVersion {
  /** Release number of Fly. */
  readonly version: number;
  readonly image: string;
  readonly createdAt: string | undefined;
  /** Who deployed it, where Fly says so. */
  readonly by: string | undefined;
  /** "runs": what the machines are to run now. "ready": can be gone back to. */
  readonly standing: "runs" | "ready";
}

/**
 * Releases with distinct images, newest first: the one that stands, and those before it that can be gone back to. A release that failed is
 * not among them, nor one that only repeats the image of a failed one.
 *
 * @param releases newest first
 * @param machines all of the app
 */
export function readyVersions(releases: readonly Release[], machines: readonly Machine[]): readonly ReadyVersion[] {
  const standing = standingRelease(releases, machines, undefined);
  if (!standing) return [];
  const older = releases.filter(
    (release): release is ImageRelease => release.version < standing.version && Boolean(release.image_ref),
  );
  const ready = older.filter((release) => {
    const alike = older.filter((one) => same(one, release));
    return alike[0] === release && alike.some(isComplete) && isComplete(alike.at(-1)) && !same(release, standing);
  });
  return [seen(standing, "runs"), ...ready.map((release) => seen(release, "ready"))];
}

/** The app has no completed release of that name. */
export class UnknownRelease extends Failure {}

/** A version of the product, as its tag has it: "v1.2.3", "v1.2.3-rc.1". */
export const isVersionTag = (text: string | undefined): text is string =>
  text !== undefined && /^v\d+\.\d+\.\d+(-(alpha|beta|rc)\.\d+)?$/.test(text);

/** What a rollback goes to: a release's image, or an image that somebody named. */
export interface Destination {
  /** Release number of Fly; undefined: an image of which Fly has no release. */
  readonly version: number | undefined;
  readonly image: string;
}

/**
 * The release or image that is meant. Without `to` it is the release that stands, where a deployment that failed left machines on another
 * image; else the newest that is ready.
 *
 * @param to a Fly release ("74"), a version tag that is the image's tag ("v1.2.3"), or an image reference
 * @param settled every machine runs the release that stands
 * @throws Failure when there is none, or when it already runs
 */
export function destinationOf(
  versions: readonly ReadyVersion[],
  { app, to, settled }: { readonly app: string; readonly to: string | undefined; readonly settled: boolean },
): Destination {
  const ready = versions.filter(({ standing }) => standing === "ready" || !settled);
  const list = ready.map(({ version }) => `v${version}`).join(", ") || "none";
  if (to === undefined) {
    const [newest] = ready;
    if (newest) return { version: newest.version, image: newest.image };
    throw new Failure(
      `${app} has no earlier release that completed, so there is nothing to go back to. Nothing was changed. Name an image: --to registry.example.com/app:tag [infra/no-release]`,
    );
  }
  const number = to.replace(/^v(?=\d+$)/, "");
  const found = versions.find(({ version, image }) => `${version}` === number || isVersion(tagOf(image), to));
  if (found?.standing === "runs" && settled) {
    throw new Failure(
      `${app} runs release ${found.version} (${found.image}) already. Nothing was changed. [infra/runs-already]`,
    );
  }
  if (found) return { version: found.version, image: found.image };
  if (/[/:@]/.test(to)) return { version: undefined, image: to };
  throw new UnknownRelease(
    `${app} has no completed release ${to}. Ready are: ${list}. Nothing was changed. See them: npx infra releases <environment> [infra/unknown-release]`,
  );
}

/** Whether a tag is of this version: the version itself, or with the number of the workflow run that deployed it behind. */
const isVersion = (tag: string | undefined, version: string): boolean =>
  tag === version || (tag?.startsWith(`${version}-`) === true && /^\d+$/.test(tag.slice(version.length + 1)));

const tagOf = (image: string): string | undefined => /:([\w.-]+)(@|$)/.exec(image.slice(image.lastIndexOf("/")))?.[1];

const isComplete = (release: Release | undefined): boolean => release?.status === "complete";

const same = (a: ImageRelease, b: ImageRelease): boolean => runsImage(a.image_ref, b.image_ref, undefined);

const seen = (release: ImageRelease, standing: ReadyVersion["standing"]): ReadyVersion => ({
  version: release.version,
  image: release.image_ref,
  createdAt: release.created_at,
  by: release.user?.email ?? release.user?.name ?? undefined,
  standing,
});
