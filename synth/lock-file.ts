/** One entry of a `.terraform.lock.hcl`. */
export interface LockEntry {
  /** Full address, such as registry.terraform.io/hashicorp/null. */
  readonly address: string;
  readonly version: string;
  readonly constraints: string;
  /** `h1:` and `zh:` sums. Left out where unknown: an empty list would make Terraform refuse every package, absence makes it fill them in. */
  readonly hashes?: readonly string[];
}

/**
 * The entries of a `.terraform.lock.hcl`, as Terraform writes it (one attribute a line); what it holds besides is not kept.
 * An entry without a version is left out.
 */
export function parseLockFile(text: string): LockEntry[] {
  return [...text.matchAll(/^provider "([^"]+)" \{\n(.*?)^\}/gms)].flatMap(([, address = "", body = ""]) => {
    const version = attribute(body, "version");
    if (version === undefined) return [];
    const hashes = [...(/hashes\s*=\s*\[(.*?)\]/s.exec(body)?.[1] ?? "").matchAll(/"([^"]+)"/g)].map(
      ([, sum = ""]) => sum,
    );
    return [
      {
        address,
        version,
        constraints: attribute(body, "constraints") ?? version,
        ...(hashes.length > 0 && { hashes }),
      },
    ];
  });
}

/** The text of a lock file with these entries, sorted as Terraform sorts them. */
export function renderLockFile(entries: readonly LockEntry[]): string {
  const sorted = [...entries].sort((a, b) => (a.address < b.address ? -1 : 1));
  return `${header}${sorted.map(render).join("")}`;
}

/** Terraform's own words, so that a file which it has written compares equal. */
const header = `# This file is maintained automatically by "terraform init".
# Manual edits may be lost in future updates.
`;

function render({ address, version, constraints, hashes }: LockEntry): string {
  const sums = hashes ? `  hashes = [\n${hashes.map((sum) => `    "${sum}",\n`).join("")}  ]\n` : "";
  return `\nprovider "${address}" {\n  version     = "${version}"\n  constraints = "${constraints}"\n${sums}}\n`;
}

function attribute(body: string, name: string): string | undefined {
  return new RegExp(`^\\s*${name}\\s*=\\s*"([^"]*)"`, "m").exec(body)?.[1];
}
