import { copyFileSync, cpSync, mkdirSync } from "node:fs";
import { basename, join } from "node:path";
import { packageRoot } from "./package-root";
import { providerBundle } from "./provider-bundle";

// Last step of `npm run build`: an installed package has no sources to bundle the provider from.
const bundle = providerBundle();
const folder = join(packageRoot, "dist", "provider-bundle");
mkdirSync(folder, { recursive: true });
copyFileSync(bundle, join(folder, basename(bundle)));

// Files that are read as text stand where the compiled module looks for them: beside itself.
const managed = join("constructs", "managed", "files");
cpSync(join(packageRoot, managed), join(packageRoot, "dist", managed), { recursive: true });
