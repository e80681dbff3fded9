import type { ImageRef } from "../../api/fly";

/** An image reference taken apart, with Docker Hub's short spellings written out. */
export interface ImageName {
  /** Registry and repository: "registry.fly.io/shop", "docker.io/library/nginx". */
  readonly repository: string;
  readonly tag?: string;
  /** "sha256:" and 64 hexadecimal digits. */
  readonly digest?: string;
}

const path = /^[a-z0-9]+(?:(?:\.|_{1,2}|-+)[a-z0-9]+)*$/;
const host = /^[a-z0-9.-]+(?::\d+)?$/i;

/** Docker Hub as Fly's own mirror and as older answers call it. */
const dockerHub = new Set(["docker.io", "index.docker.io", "registry-1.docker.io", "docker-hub-mirror.fly.io"]);

/** Takes `[registry/]repository[:tag][@sha256:...]` apart; undefined when the text is no image reference. */
export function parseImage(text: string): ImageName | undefined {
  const at = text.indexOf("@");
  const name = at < 0 ? text : text.slice(0, at);
  const digest = at < 0 ? undefined : text.slice(at + 1);
  const colon = name.indexOf(":", name.lastIndexOf("/") + 1);
  const repository = colon < 0 ? name : name.slice(0, colon);
  const tag = colon < 0 ? undefined : name.slice(colon + 1);
  if (digest !== undefined && !/^sha256:[0-9a-f]{64}$/.test(digest)) return undefined;
  if (tag !== undefined && !/^\w[\w.-]{0,127}$/.test(tag)) return undefined;
  return isRepository(repository) ? { repository: canonicalRepository(repository), tag, digest } : undefined;
}

/**
 * Whether a machine runs the wanted image: the same text, the wanted digest, or the same repository and tag.
 *
 * A tag alone is compared by name only: where it points now is asked on request, not in every plan.
 */
export function runsImage(wanted: string, configured: string | undefined, resolved: ImageRef | undefined): boolean {
  if (wanted === configured) return true;
  const want = parseImage(wanted);
  const have = parseImage(configured ?? "");
  if (!want || !have) return false;
  if (want.digest) return want.digest === (have.digest ?? resolved?.digest);
  return want.repository === have.repository && (want.tag ?? "latest") === tagOf(have, resolved);
}

/** The reference with the digest that it stood for, so that a tag that moved since cannot change what is run. */
export function pinImage(image: string, digest: string): string {
  return `${image.replace(/@sha256:[0-9a-f]+$/, "")}@${digest}`;
}

/** `repo@sha256:…` names no tag; Fly still knows the one that it resolved. */
function tagOf(have: ImageName, resolved: ImageRef | undefined): string | undefined {
  return have.tag ?? (have.digest ? resolved?.tag : "latest");
}

function isRepository(text: string): boolean {
  const [first = "", ...rest] = text.split("/");
  const named = rest.length > 0 && isHost(first);
  return (named ? host.test(first) : path.test(first)) && rest.every((part) => path.test(part));
}

function canonicalRepository(repository: string): string {
  const [first = "", ...rest] = repository.split("/");
  if (dockerHub.has(first)) return hub(rest.join("/"));
  return rest.length > 0 && isHost(first) ? repository : hub(repository);
}

/** Docker's rule: the first part is a registry when it has a dot or a port, or is "localhost". */
function isHost(part: string): boolean {
  return /[.:]/.test(part) || part === "localhost";
}

function hub(path: string): string {
  return `docker.io/${path.includes("/") ? path : `library/${path}`}`;
}
