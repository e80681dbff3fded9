import { createHash } from "node:crypto";
import {
  existsSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  rmSync,
  symlinkSync,
} from "node:fs";
import { basename, dirname, join, resolve } from "node:path";
import { linkAtomically } from "./atomic-file";

/** Address of our provider; no registry serves it, the package lies in the stack directory. */
export const providerAddress = "registry.terraform.io/hotdash/fly";

/** Platforms on which a script is a provider (Windows cannot start one). */
export const platforms = ["linux_amd64", "linux_arm64", "darwin_amd64", "darwin_arm64"] as const;

/** Terraform's implied local mirror: it looks there for packages without any configuration. */
const mirrorOf = (stackDirectory: string) => join(stackDirectory, "terraform.d", "plugins");

/** Places the bundle in the stack directory, for every platform, and removes packages of other versions. */
export function placeProvider(stackDirectory: string, bundle: string, version: string): void {
  const versions = join(mirrorOf(stackDirectory), providerAddress);
  for (const platform of platforms) linkAtomically(bundle, join(versions, version, platform, basename(bundle)));
  for (const other of readdirSync(versions)) {
    if (other !== version) rmSync(join(versions, other), { recursive: true });
  }
}

/** The `h1:` sum that Terraform computes of a package of one file: SHA-256 over the line `<sha256>  <name>`. */
export function packageHash(bundle: string): string {
  const file = createHash("sha256").update(readFileSync(bundle)).digest("hex");
  return `h1:${createHash("sha256")
    .update(`${file}  ${basename(bundle)}\n`)
    .digest("base64")}`;
}

/**
 * Links one provider's packages of a filesystem mirror (unpacked or packed layout) into the stack directory, so that `terraform init` asks no registry.
 * Without `mirror`, or where it lacks the provider, earlier links go away.
 *
 * @returns the versions that the mirror has for this provider
 */
export function linkMirror(stackDirectory: string, address: string, mirror: string | undefined): readonly string[] {
  const folder = join(mirrorOf(stackDirectory), address);
  const packages = mirror ? packagesOf(join(resolve(mirror), address)) : [];
  if (!isLinked(folder, packages)) {
    rmSync(folder, { recursive: true, force: true });
    for (const { path, target } of packages) {
      mkdirSync(dirname(join(folder, path)), { recursive: true });
      symlinkSync(target, join(folder, path));
    }
  }
  return [...new Set(packages.map(({ version }) => version))];
}

interface MirroredPackage {
  readonly version: string;
  /** Below the provider's folder; Terraform follows links of packages, not of the folders above them. */
  readonly path: string;
  readonly target: string;
}

function packagesOf(source: string): readonly MirroredPackage[] {
  if (!existsSync(source)) return [];
  return readdirSync(source, { withFileTypes: true }).flatMap((entry) => {
    const target = join(source, entry.name);
    const zipped = /_(\d+\.\d+\.\d+[^_]*)_[a-z0-9]+_[a-z0-9]+\.zip$/.exec(entry.name)?.[1];
    if (zipped !== undefined) return [{ version: zipped, path: entry.name, target }];
    if (!entry.isDirectory()) return [];
    return readdirSync(target).map((platform) => ({
      version: entry.name,
      path: join(entry.name, platform),
      target: join(target, platform),
    }));
  });
}

function isLinked(folder: string, packages: readonly MirroredPackage[]): boolean {
  if (packages.length === 0) return !existsSync(folder);
  return packages.every(({ path, target }) => {
    const link = join(folder, path);
    return lstatSync(link, { throwIfNoEntry: false })?.isSymbolicLink() && readlinkSync(link) === target;
  });
}
