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
 * Links one provider's packages of a filesystem mirror into the stack directory, so that `terraform init` asks no registry.
 * Without `mirror` (or where it lacks the provider) earlier links go away.
 *
 * @returns the versions that the mirror has for this provider
 */
export function linkMirror(stackDirectory: string, address: string, mirror: string | undefined): readonly string[] {
  const link = join(mirrorOf(stackDirectory), address);
  const source = mirror && join(resolve(mirror), address);
  const wanted = source && existsSync(source) ? source : undefined;
  const present = lstatSync(link, { throwIfNoEntry: false })?.isSymbolicLink() ? readlinkSync(link) : undefined;
  if (present !== undefined && present !== wanted) rmSync(link);
  if (wanted === undefined) return [];
  mkdirSync(dirname(link), { recursive: true });
  if (present !== wanted) symlinkSync(wanted, link);
  return readdirSync(wanted);
}
