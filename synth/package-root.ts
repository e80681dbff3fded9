import { readFileSync } from "node:fs";
import { basename, dirname, join } from "node:path";

const above = dirname(__dirname);

/** The folder of this package: the checkout, or the installed package when the compiled files in its `dist/` run. */
export const packageRoot = basename(above) === "dist" ? dirname(above) : above;

/** Version of this package; Terraform knows the provider by it. */
export function packageVersion(): string {
  const { version } = JSON.parse(readFileSync(join(packageRoot, "package.json"), "utf8")) as { version: string };
  return version;
}
