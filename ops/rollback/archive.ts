/** A version built anew from the files of its GitHub release, where Fly has no image of it any more. */
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { HistoryReader, ReleaseAsset } from "../../api/github";
import { Failure } from "../failure";
import { type Interruption, runProcess } from "../process";
import type { Target } from "./target";

/** The files of a release, proven by their checksum and unpacked. */
export interface Archive {
  /** Tag of the release. */
  readonly version: string;
  /** Name of the file. */
  readonly name: string;
  /** Of the file, in hexadecimal digits. */
  readonly sha256: string;
  /** Where its files are. */
  readonly folder: string;
}

export interface Workbench {
  /** Empty, and the caller's to remove. */
  readonly folder: string;
  readonly env: NodeJS.ProcessEnv;
  readonly interruption: Interruption;
}

/**
 * Fetches the archive of a version, compares its bytes with the checksum beside it and with what GitHub counted, and only then unpacks it.
 *
 * @throws Failure when there is no such release or file, for a prerelease in production, or for one changed byte
 */
export async function fetchArchive(
  history: HistoryReader,
  { version, environment }: { readonly version: string; readonly environment: string },
  { folder, env, interruption }: Workbench,
): Promise<Archive> {
  const release = await history.release(version);
  if (!release) {
    throw new Failure(
      `${version} is neither a completed release on Fly nor a release on GitHub. Nothing was changed. See what is ready: npx infra releases ${environment} [infra/unknown-release]`,
    );
  }
  if (release.prerelease && environment === "production") {
    throw new Failure(
      `${version} is a prerelease, which never goes to production. Nothing was changed. [infra/prerelease]`,
    );
  }
  const archive = release.assets.find(({ name }) => name.endsWith(".tar.gz"));
  const sum = release.assets.find(({ name }) => name === `${archive?.name}.sha256`);
  if (!archive || !sum) {
    const lacks = archive ? `checksum (${archive.name}.sha256)` : "archive (.tar.gz)";
    throw new Failure(
      `The release ${version} on GitHub has no ${lacks}, so it cannot be built. Nothing was changed. Choose another: npx infra releases ${environment} [infra/release-files]`,
    );
  }
  const files = join(folder, "fetched");
  mkdirSync(files, { recursive: true });
  const fetched = async ({ id, name, digest }: ReleaseAsset, file: string) => {
    const sha256 = await history.download(id, join(files, file));
    if (digest) refuseOthers(version, name, sha256, digest.replace(/^sha256:/, ""), "GitHub counted");
    return sha256;
  };
  const [sha256] = await Promise.all([fetched(archive, "archive"), fetched(sum, "sum")]);
  // The checksum alone: a path in the file names no other file.
  const [said = ""] = readFileSync(join(files, "sum"), "utf8").trim().split(/\s/);
  refuseOthers(version, archive.name, sha256, said.toLowerCase(), `${sum.name} says`);
  const unpacked = join(folder, "unpacked");
  mkdirSync(unpacked);
  const args = ["--extract", "--gzip", "--no-same-owner", "--file", join(files, "archive"), "--directory", unpacked];
  const { code, stderr } = await runProcess("tar", args, { directory: folder, env, interruption });
  if (code !== 0 || !existsSync(join(unpacked, "Dockerfile"))) {
    const why = code === 0 ? "it holds no Dockerfile" : stderr.trim();
    throw new Failure(
      `${archive.name} of ${version} cannot be built: ${why}. Nothing was changed. [infra/release-files]`,
    );
  }
  return { version, name: archive.name, sha256, folder: unpacked };
}

function refuseOthers(version: string, name: string, got: string, wanted: string, who: string): void {
  if (got === wanted) return;
  throw new Failure(
    `${name} of ${version} is not what was released: its SHA-256 is ${got}, and ${who} ${/^[0-9a-f]{64}$/.test(wanted) ? wanted : "something that is no SHA-256"}. Nothing was changed. Look who changed the release, and choose another version. [infra/checksum]`,
  );
}

/**
 * Builds the image of an archive by flyctl at Fly, and deploys nothing.
 *
 * @param at Unix ms, part of the image's tag
 * @returns the image
 * @throws Failure when it cannot be built
 */
export async function buildImage(
  { version, folder: source }: Archive,
  { app, flyToml }: Target,
  { folder, env, interruption }: Workbench,
  at: number,
): Promise<string> {
  const config = join(folder, "fly.toml");
  writeFileSync(config, flyToml ?? `app = "${app}"\n`);
  const label = `${version}-${Math.floor(at / 1000)}`;
  const args = ["deploy", source, "--build-only", "--push", "--app", app, "--config", config, "--image-label", label];
  const own = { ...env, FLY_SEND_METRICS: "0" };
  const ended = await runProcess(env.FLYCTL || "flyctl", args, { directory: folder, env: own, interruption });
  if (ended.code === 0) return `registry.fly.io/${app}:${label}`;
  const last = (ended.stderr.trim() || ended.stdout.trim()).split("\n").slice(-5).join("\n");
  throw new Failure(
    `The image of ${version} could not be built. Nothing was changed.\n${last}\nBuild it by hand (flyctl deploy --build-only), or choose another version: npx infra releases [infra/image-build]`,
  );
}
