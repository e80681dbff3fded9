import {
  existsSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseLockFile, renderLockFile } from "./lock-file";
import { packageHash, platforms } from "./provider-package";
import { completeStackDirectory } from "./stack-directory";

const fly = { source: "registry.terraform.io/hotdash/fly", version: "1.2.3" };
const none = { source: "null", version: "3.2.4" };
const plugins = "terraform.d/plugins/registry.terraform.io";

let folder: string;
let stack: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "stack-"));
  stack = join(folder, "stack");
  mkdirSync(stack);
});
afterEach(() => rmSync(folder, { recursive: true }));

function complete(providers: object, { text = "#!/bin/sh\n", version = "1.2.3", mirror }: Options = {}): string {
  const bundle = join(folder, `terraform-provider-fly_v${version}`);
  rmSync(bundle, { force: true });
  writeFileSync(bundle, text, { mode: 0o755 });
  writeFileSync(join(stack, "cdk.tf.json"), JSON.stringify({ terraform: { required_providers: providers } }));
  completeStackDirectory(stack, { bundle, version, mirror });
  return bundle;
}

interface Options {
  readonly text?: string;
  readonly version?: string;
  readonly mirror?: string;
}

const lock = () => parseLockFile(readFileSync(join(stack, ".terraform.lock.hcl"), "utf8"));

function mirrorWith(...versions: string[]): string {
  const mirror = join(folder, "mirror");
  for (const version of versions) {
    mkdirSync(join(mirror, "registry.terraform.io/hashicorp/null", version, "linux_amd64"), { recursive: true });
  }
  return mirror;
}

test("has our package for every platform, executable and no other version's", () => {
  complete({ fly: { ...fly, version: "1.0.0" } }, { version: "1.0.0" });
  complete({ fly });
  expect(readdirSync(join(stack, plugins, "hotdash/fly"))).toEqual(["1.2.3"]);
  for (const platform of platforms) {
    const file = join(stack, plugins, "hotdash/fly/1.2.3", platform, "terraform-provider-fly_v1.2.3");
    expect(statSync(file).mode & 0o111).toBe(0o111);
    expect(lstatSync(file).isSymbolicLink()).toBe(false);
  }
});

test("locks our provider by the sum of the bundle that lies there", () => {
  const first = packageHash(complete({ fly }));
  expect(lock()).toEqual([{ address: fly.source, version: "1.2.3", constraints: "1.2.3", hashes: [first] }]);
  const second = packageHash(complete({ fly }, { text: "#!/bin/sh\n# another\n" }));
  expect(second).not.toBe(first);
  expect(lock()).toMatchObject([{ hashes: [second] }]);
});

test("leaves everything as it is when nothing has changed", () => {
  const inode = () => statSync(join(stack, ".terraform.lock.hcl")).ino;
  complete({ fly, none });
  const before = inode();
  complete({ fly, none });
  expect(inode()).toBe(before);
});

test("locks every provider: another one without sums, until Terraform has filled them in", () => {
  complete({ fly, none });
  const other = { address: "registry.terraform.io/hashicorp/null", version: "3.2.4", constraints: "3.2.4" };
  expect(lock()).toEqual([other, expect.objectContaining({ address: fly.source })]);
  const filled = lock().map((entry) => (entry.address === other.address ? { ...entry, hashes: ["h1:abc="] } : entry));
  writeFileSync(join(stack, ".terraform.lock.hcl"), renderLockFile(filled));
  complete({ fly, none });
  expect(lock()[0]).toEqual({ ...other, hashes: ["h1:abc="] });
  complete({ fly, none: { ...none, version: "3.2.5" } });
  expect(lock()[0]).toEqual({ ...other, version: "3.2.5", constraints: "3.2.5" });
  complete({ fly });
  expect(lock()).toHaveLength(1);
});

test("lets Terraform choose where a constraint names no single version", () => {
  complete({ fly, none: { ...none, version: "~> 3.0" } });
  expect(lock().map(({ address }) => address)).toEqual([fly.source]);
  complete({ fly, none: { ...none, version: "~> 3.0" } }, { mirror: mirrorWith("3.2.4") });
  expect(lock()[0]).toMatchObject({ version: "3.2.4", constraints: "~> 3.0" });
});

test("links the packages of a mirror, and unlinks them when the mirror is gone", () => {
  const link = join(stack, plugins, "hashicorp/null/3.2.4/linux_amd64");
  const mirror = mirrorWith("3.2.4");
  complete({ fly, none }, { mirror });
  expect(readlinkSync(link)).toBe(join(mirror, "registry.terraform.io/hashicorp/null/3.2.4/linux_amd64"));
  complete({ fly, none });
  expect(existsSync(link)).toBe(false);
});

test("links packages of a mirror in Terraform's packed layout", () => {
  const name = "terraform-provider-null_3.2.4_linux_amd64.zip";
  const source = join(folder, "mirror/registry.terraform.io/hashicorp/null");
  mkdirSync(source, { recursive: true });
  writeFileSync(join(source, name), "");
  writeFileSync(join(source, "index.json"), "{}");
  complete({ none: { ...none, version: "~> 3.2" } }, { mirror: join(folder, "mirror") });
  expect(readdirSync(join(stack, plugins, "hashicorp/null"))).toEqual([name]);
  expect(lock()).toMatchObject([{ version: "3.2.4" }]);
});

test("takes no stale lock for a version that the mirror lacks", () => {
  const old = {
    address: "registry.terraform.io/hashicorp/null",
    version: "3.2.3",
    constraints: "~> 3.0",
    hashes: ["h1:a="],
  };
  writeFileSync(join(stack, ".terraform.lock.hcl"), renderLockFile([old]));
  complete({ none: { ...none, version: "~> 3.0" } }, { mirror: mirrorWith("3.2.4") });
  expect(lock()).toEqual([{ address: old.address, version: "3.2.4", constraints: "~> 3.0" }]);
});
