import { createHash } from "node:crypto";
import { ApiError } from "../error";
import { resolveImage } from "../fly/image";

/** The image behind a reference as the platform would pull it; null when there is none. */
export function findImage(reference: string, lost?: ReadonlySet<string>) {
  const image = resolve(reference, lost);
  if (!image) return null;
  const { registry, repository, tag, digest } = image;
  const name = `${registry}/${repository}`;
  return {
    id: `img_${createHash("sha256").update(digest).digest("hex").slice(0, 20)}`,
    ref: tag ? `${name}:${tag}` : `${name}@${digest}`,
    absoluteRef: `${name}@${digest}`,
    registry,
    repository,
    tag: tag ?? null,
    digest,
    compressedSizeFull: "52428800",
    manifest: {},
  };
}

function resolve(reference: string, lost: ReadonlySet<string> | undefined) {
  try {
    return resolveImage(reference, lost);
  } catch (error) {
    if (error instanceof ApiError) return undefined;
    throw error;
  }
}
