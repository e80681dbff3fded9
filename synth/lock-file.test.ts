import fc from "fast-check";
import { parseLockFile, renderLockFile } from "./lock-file";

const byTerraform = `# This file is maintained automatically by "terraform init".
# Manual edits may be lost in future updates.

provider "registry.terraform.io/hashicorp/null" {
  version     = "3.2.4"
  constraints = "3.2.4"
  hashes = [
    "h1:Ajx+QBy2XfDy2fXhNkR5dSFhHjuDk8oAVnBQWQk6rcs=",
    "zh:59f6b52ab4ff35739647f9509ee6d93d7c032985d9f8c6237d1f8a59471bbbe2",
  ]
}

provider "registry.terraform.io/hotdash/fly" {
  version     = "0.1.0"
  constraints = "0.1.0"
}
`;

test("reads what Terraform writes, and writes it back letter for letter", () => {
  const entries = parseLockFile(byTerraform);
  expect(entries.map(({ address, version, hashes }) => [address, version, hashes?.length])).toEqual([
    ["registry.terraform.io/hashicorp/null", "3.2.4", 2],
    ["registry.terraform.io/hotdash/fly", "0.1.0", undefined],
  ]);
  expect(renderLockFile(entries)).toBe(byTerraform);
});

test("writes no list of sums where none is known: Terraform would refuse every package", () => {
  expect(renderLockFile([{ address: "a/b/c", version: "1.0.0", constraints: "1.0.0" }])).not.toContain("hashes");
});

test("reads back whatever it writes", () => {
  const word = fc.stringMatching(/^[a-z][a-z0-9-]{0,12}$/);
  const entry = fc.record(
    {
      address: fc.tuple(word, word, word).map((parts) => parts.join("/")),
      version: fc.stringMatching(/^\d{1,2}\.\d{1,2}\.\d{1,2}$/),
      constraints: fc.constantFrom("1.2.3", "~> 1.0", ">= 1.0, < 2.0"),
      hashes: fc.array(fc.stringMatching(/^(h1|zh):[A-Za-z0-9+/=]{1,44}$/), { minLength: 1, maxLength: 3 }),
    },
    { requiredKeys: ["address", "version", "constraints"] },
  );
  fc.assert(
    fc.property(fc.uniqueArray(entry, { selector: ({ address }) => address, maxLength: 4 }), (entries) => {
      const sorted = [...entries].sort((a, b) => (a.address < b.address ? -1 : 1));
      expect(parseLockFile(renderLockFile(entries))).toEqual(sorted);
    }),
  );
});
