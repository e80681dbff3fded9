import { createHash } from "node:crypto";
import { existsSync, mkdtempSync, readFileSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { writeAtomically } from "./atomic-file";
import { packageRoot, packageVersion } from "./package-root";

/** Where {@link providerBundle} finds sources and keeps its result; the defaults are this package's. */
export interface BundleOptions {
  /** Entry file of the provider. */
  readonly entry?: string;
  /** Folder of the bundle. */
  readonly folder?: string;
  readonly version?: string;
}

/** What a bundle was made of, kept beside it. */
interface Made {
  /** SHA-256 of the bundle meant: two processes may build at once, and the bundle of one end up beside the record of the other. */
  readonly bundle: string;
  /** The state of every source file when it was read. */
  readonly inputs: Readonly<Record<string, string>>;
}

/**
 * Path of the provider as one executable file, named as Terraform wants it. Made by esbuild when a source file is newer or when there
 * is none yet (a quarter of a second); in an installed package it is there already.
 *
 * @throws the error of esbuild when the sources do not compile
 */
export function providerBundle({ entry, folder, version = packageVersion() }: BundleOptions = {}): string {
  const name = `terraform-provider-fly_v${version}`;
  const packed = join(packageRoot, "dist", "provider-bundle", name);
  const source = entry ?? join(packageRoot, "provider", "main.ts");
  if (!existsSync(source)) return packed;
  const path = join(folder ?? join(packageRoot, ".infra", "provider"), name);
  if (!isCurrent(path)) build(source, path);
  return path;
}

function isCurrent(path: string): boolean {
  if (!existsSync(path) || !existsSync(`${path}.json`)) return false;
  const { bundle, inputs } = JSON.parse(readFileSync(`${path}.json`, "utf8")) as Made;
  if (bundle !== sumOf(readFileSync(path))) return false;
  return Object.entries(inputs).every(([file, stamp]) => stampOf(file) === stamp);
}

/** Time and size: what tells an edited file without reading it. */
function stampOf(file: string): string {
  const found = statSync(file, { throwIfNoEntry: false });
  return found ? `${found.mtimeMs} ${found.size}` : "absent";
}

function changedMs(file: string): number {
  return statSync(file, { throwIfNoEntry: false })?.mtimeMs ?? Number.POSITIVE_INFINITY;
}

function sumOf(content: Uint8Array): string {
  return createHash("sha256").update(content).digest("hex");
}

function build(entry: string, path: string): void {
  // Loaded only when there is something to build: it costs more than the rest of a synth's own work.
  const esbuild = require("esbuild") as typeof import("esbuild");
  const startMs = Date.now();
  const folder = mkdtempSync(join(tmpdir(), "infra-bundle-"));
  try {
    const { metafile } = esbuild.buildSync({
      entryPoints: [entry],
      outfile: join(folder, "provider.cjs"),
      absWorkingDir: packageRoot,
      bundle: true,
      platform: "node",
      target: "node20",
      format: "cjs",
      // Names stay: the stack of an error of ours is to be read.
      minifyWhitespace: true,
      minifySyntax: true,
      banner: { js: "#!/usr/bin/env node" },
      legalComments: "none",
      metafile: true,
      logLevel: "silent",
    });
    const files = Object.keys(metafile.inputs).map((file) => resolve(packageRoot, file));
    // A file that was edited since the start may have been read before or after: the next call looks again.
    const read = (file: string) => (changedMs(file) < startMs ? stampOf(file) : "edited meanwhile");
    const inputs = Object.fromEntries(files.map((file) => [file, read(file)]));
    const content = readFileSync(join(folder, "provider.cjs"));
    writeAtomically(path, content, 0o755);
    writeAtomically(`${path}.json`, `${JSON.stringify({ bundle: sumOf(content), inputs } satisfies Made, null, 2)}\n`);
  } finally {
    rmSync(folder, { recursive: true });
  }
}
