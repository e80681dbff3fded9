import type { Machine, Release } from "../../../api/fly";
import { runsImage } from "../../rollout/image";
import { isPassing } from "../machine-kind";
import { configOf } from "../ownership";
import { markOf } from "./mark";

/** A release that names its image; one that does not says nothing about machines. */
export type ImageRelease = Release & { readonly image_ref: string };

/**
 * The release by which the machines of an app are to be judged: the newest complete one that is no echo of a failed one.
 *
 * `flyctl secrets set`, `unset` and `deploy` restart the machines with the image that each has, and then record a complete release
 * that names the image of the newest release, whatever became of it. After a failed deployment this is the image that failed
 * (tried with flyctl, 2026-11), and rolling it out would finish what the deployment gave up. A second attempt that succeeds looks the
 * same in the list, so the machines decide: {@link ranOn}.
 *
 * @param releases newest first, as Fly lists them
 * @param machines all of the app
 * @param before what was to run before the oldest of these releases; undefined: not known
 */
export function standingRelease(
  releases: readonly Release[],
  machines: readonly Machine[],
  before: string | undefined,
): ImageRelease | undefined {
  const named = releases.filter((release): release is ImageRelease => Boolean(release.image_ref));
  const newest = named.findIndex(isComplete);
  const release = named[newest];
  if (!release) return undefined;
  const [attempts, older] = splitAttempts(named.slice(newest));
  const first = attempts.at(-1);
  if (first && isComplete(first)) return release;
  const standing = standingRelease(older, machines, before);
  return ranOn(machines, attempts.filter(isComplete), standing?.image_ref ?? before) ? release : standing;
}

/** The releases in a row that name the image of the first, and the rest. */
function splitAttempts(releases: readonly ImageRelease[]): [ImageRelease[], readonly ImageRelease[]] {
  const [first] = releases;
  const other = releases.findIndex(({ image_ref }) => !first || !runsImage(first.image_ref, image_ref, undefined));
  const end = other < 0 ? releases.length : other;
  return [releases.slice(0, end), releases.slice(end)];
}

/**
 * Whether a deployment brought the image of `completed` to the machines: one of them runs it, and none that a completed release has marked
 * still runs what was there before. Any other image is somebody's change by hand and proves nothing.
 */
function ranOn(machines: readonly Machine[], completed: readonly ImageRelease[], before: string | undefined): boolean {
  const regular = machines.filter((machine) => !isPassing(machine));
  const runs = (machine: Machine, image: string) => runsImage(image, configOf(machine)?.image, machine.image_ref);
  const marks = new Set(completed.map(({ version }) => String(version)));
  const image = completed[0]?.image_ref ?? "";
  const left = regular.filter((machine) => marks.has(markOf(machine, "fly_release_version") ?? ""));
  return (
    regular.some((machine) => runs(machine, image)) &&
    !left.some((machine) => before !== undefined && runs(machine, before))
  );
}

function isComplete({ status }: Release): boolean {
  return status === "complete";
}
