import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { writeAtomically } from "./atomic-file";
import { type LockEntry, parseLockFile, renderLockFile } from "./lock-file";
import { packageVersion } from "./package-root";
import { linkMirror, packageHash, placeProvider, providerAddress } from "./provider-package";

/** What {@link completeStackDirectory} needs besides the folder. */
export interface StackDirectoryOptions {
  /** The provider as one file, from `providerBundle()`. */
  readonly bundle: string;
  readonly version?: string;
  /** A Terraform filesystem mirror to link for every other provider; absent: Terraform fetches them from its registry. */
  readonly mirror?: string | undefined;
}

/** The part of a synthesized stack that names its providers. */
interface StackJson {
  readonly terraform?: {
    readonly required_providers?: Readonly<Record<string, { readonly source: string; readonly version?: string }>>;
  };
}

/**
 * Makes a synthesized stack directory self-contained: our provider's package for every platform, links to mirrored packages, and a
 * `.terraform.lock.hcl` with an entry for every provider. One entry missing makes cdktf run `terraform providers lock`, which
 * ignores mirrors and needs the network.
 */
export function completeStackDirectory(directory: string, options: StackDirectoryOptions): void {
  const { bundle, version = packageVersion(), mirror } = options;
  const lockPath = join(directory, ".terraform.lock.hcl");
  const before = existsSync(lockPath) ? readFileSync(lockPath, "utf8") : "";
  const known = parseLockFile(before);
  const entries = requiredProviders(directory).flatMap(({ address, constraint }): LockEntry[] => {
    if (address !== providerAddress) {
      const entry = otherEntry(known, address, constraint, linkMirror(directory, address, mirror));
      return entry ? [entry] : [];
    }
    placeProvider(directory, bundle, version);
    return [{ address, version, constraints: constraint ?? version, hashes: [packageHash(bundle)] }];
  });
  const after = renderLockFile(entries);
  if (after !== before) writeAtomically(lockPath, after);
}

function requiredProviders(directory: string): { address: string; constraint: string | undefined }[] {
  const { terraform } = JSON.parse(readFileSync(join(directory, "cdk.tf.json"), "utf8")) as StackJson;
  return Object.values(terraform?.required_providers ?? {}).map(({ source, version }) => ({
    address: fullAddress(source),
    constraint: version,
  }));
}

/** Terraform's own defaults: its registry, and HashiCorp as the owner. */
function fullAddress(source: string): string {
  const parts = source.split("/");
  return [...["registry.terraform.io", "hashicorp"].slice(0, 3 - parts.length), ...parts].join("/");
}

/**
 * The entry of a provider that is not ours: as `terraform init` filled it while the constraint is the same, else one without sums.
 * A constraint that names no single version, and no mirror that has just one, leaves nothing to write: `terraform init` then chooses.
 */
function otherEntry(
  known: readonly LockEntry[],
  address: string,
  constraint: string | undefined,
  mirrored: readonly string[],
): LockEntry | undefined {
  const kept = known.find((entry) => entry.address === address && entry.constraints === constraint);
  if (kept && (mirrored.length === 0 || mirrored.includes(kept.version))) return kept;
  const exact = /^=?\s*(\d+\.\d+\.\d+)$/.exec(constraint ?? "")?.[1];
  const version = exact ?? (mirrored.length === 1 ? mirrored[0] : undefined);
  return version && constraint ? { address, version, constraints: constraint } : undefined;
}
