import type { Machine, Release } from "../../../api/fly";
import { parseImage, runsImage } from "../../rollout/image";
import { configOf } from "../ownership";
import type { ProcessGroup } from "./attributes";
import { standingRelease } from "./standing-release";

/** Image of the last apply, as private state keeps it. */
export interface ImageRecord {
  readonly image: string;
  /** What it resolved to on the machines. */
  readonly digests: readonly string[];
}

/** The image that the machines of a group are to run. */
export interface WantedImage {
  /** undefined: nobody says; each machine keeps its own. */
  readonly image: string | undefined;
  /** What a tag stood for at the last apply; empty: not known, or the image names a digest. */
  readonly digests: readonly string[];
  /** "declared", "release 12 has": who says so. */
  readonly source: string;
}

/**
 * The declared image; or, where it is managed outside or an import left that open, that of the app's newest complete release, else of the last
 * apply, else the initial one for an app that has neither release nor machine. A release that only repeats the image of
 * a failed one does not count ({@link standingRelease}).
 */
export function wantedImage(
  group: Pick<ProcessGroup, "image" | "initial_image">,
  {
    releases,
    record,
    machines,
    members,
  }: {
    readonly releases: readonly Release[];
    readonly record: ImageRecord | undefined;
    /** Every machine of the app. */
    readonly machines: readonly Machine[];
    /** Those of the group. */
    readonly members: readonly Machine[];
  },
): WantedImage {
  if (group.image !== undefined && group.initial_image === undefined) {
    const digests = record?.image === group.image ? record.digests : [];
    return { image: group.image, digests, source: "declared" };
  }
  const release = standingRelease(releases, machines, record?.image);
  if (release) return { image: release.image_ref, digests: [], source: `release ${release.version} has` };
  if (record) return { ...record, source: "the last apply left" };
  return { image: members.length === 0 ? group.initial_image : undefined, digests: [], source: "declared" };
}

/** What the configured image resolved to; undefined while Fly still tells of the one before it. */
export function resolvedDigest({ config, image_ref }: Machine): string | undefined {
  const { tag = "latest", digest } = parseImage(config?.image ?? "") ?? {};
  return digest ?? (image_ref?.tag === undefined || image_ref.tag === tag ? image_ref?.digest : undefined);
}

/** What is wrong with the image of a machine; undefined: nothing. */
export function imageProblem(machine: Machine, wanted: WantedImage): string | undefined {
  const { image, digests, source } = wanted;
  const configured = configOf(machine)?.image;
  if (image === undefined) return undefined;
  if (!runsImage(image, configured, machine.image_ref)) return `image is ${configured}, ${source} ${image}`;
  const digest = machine.image_ref?.digest;
  const known = digests.length === 0 || digest === undefined || parseImage(image)?.digest !== undefined;
  return known || digests.includes(digest) ? undefined : `image digest is ${digest}, applied ${digests.join(" or ")}`;
}
