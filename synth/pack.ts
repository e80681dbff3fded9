import { copyFileSync, mkdirSync } from "node:fs";
import { basename, join } from "node:path";
import { packageRoot } from "./package-root";
import { providerBundle } from "./provider-bundle";

// Last step of `npm run build`: an installed package has no sources to bundle the provider from.
const bundle = providerBundle();
const folder = join(packageRoot, "dist", "provider-bundle");
mkdirSync(folder, { recursive: true });
copyFileSync(bundle, join(folder, basename(bundle)));
