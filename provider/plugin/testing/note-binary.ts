import { chmodSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { buildSync } from "esbuild";

/** The test provider as one executable file, bundled as a provider is for users, in a folder of its own. */
export interface NoteBinary {
  readonly folder: string;
  readonly file: string;
  remove(): void;
}

/** Bundles the test provider with esbuild. */
export function bundleNote(): NoteBinary {
  const folder = mkdtempSync(join(tmpdir(), "note-"));
  const file = join(folder, "terraform-provider-note");
  buildSync({
    entryPoints: [require.resolve("./note-main")],
    outfile: file,
    bundle: true,
    minify: true,
    platform: "node",
    target: "node20",
    format: "cjs",
    banner: { js: "#!/usr/bin/env node" },
  });
  chmodSync(file, 0o755);
  return { folder, file, remove: () => rmSync(folder, { recursive: true }) };
}
