import { createHash } from "node:crypto";
import { invalid } from "../error";
import type { ImageRef } from "../row";

const dockerHubNames = ["docker.io", "index.docker.io", "registry-1.docker.io", "docker-hub-mirror.fly.io"];
const repositoryForm = /^[a-z0-9]+(?:(?:[._]|__|-+)[a-z0-9]+)*(?:\/[a-z0-9]+(?:(?:[._]|__|-+)[a-z0-9]+)*)*$/;
const tagForm = /^\w[\w.-]{0,127}$/;
const digestForm = /^sha256:[0-9a-f]{64}$/;

/**
 * What the platform pulls for an image name. Every well-formed image exists and its digest follows from its name,
 * but for the tag `missing`, which does not exist.
 *
 * @param lost images that the registry has lost
 * @throws 400 when the name is malformed or the tag does not exist
 */
export function resolveImage(image: string, lost?: ReadonlySet<string>): ImageRef {
  const { registry, repository, tag, digest } = parseImage(image);
  if ((tag === "missing" && !digest) || lost?.has(image))
    throw invalid(`could not resolve image "${image}": manifest unknown`);
  const hub = dockerHubNames.includes(registry);
  const name = hub && !repository.includes("/") ? `library/${repository}` : repository;
  const host = hub ? "docker-hub-mirror.fly.io" : registry;
  return {
    registry: host,
    repository: name,
    ...(tag || !digest ? { tag: tag ?? "latest" } : {}),
    digest:
      digest ??
      `sha256:${createHash("sha256")
        .update(`${host}/${name}:${tag ?? "latest"}`)
        .digest("hex")}`,
    labels: {},
  };
}

function parseImage(image: string) {
  const [name = "", digest, ...more] = image.split("@");
  const slash = name.indexOf("/");
  const first = slash < 0 ? "" : name.slice(0, slash);
  const hasRegistry = /[.:]/.test(first) || first === "localhost";
  const path = hasRegistry ? name.slice(slash + 1) : name;
  const [repository = "", tag, ...rest] = path.split(":");
  const well =
    repositoryForm.test(repository) &&
    (tag === undefined || tagForm.test(tag)) &&
    (digest === undefined || digestForm.test(digest)) &&
    rest.length + more.length === 0;
  if (!well) throw invalid(`invalid image reference "${image}"`);
  return { registry: hasRegistry ? first : "docker.io", repository, tag, digest };
}
