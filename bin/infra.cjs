#!/usr/bin/env node
/**
 * Starts `infra`: from the sources in a checkout, else from the compiled files of the installed package. Sources first, so that a forgotten
 * build never answers for what was edited since.
 */
const { existsSync } = require("node:fs");
const { join } = require("node:path");

const source = join(__dirname, "..", "cli", "main.ts");
if (!existsSync(source)) require("../dist/cli/main.js");
else if (isInstalled("tsx/cjs")) {
  require("tsx/cjs");
  require(source);
} else {
  process.stderr.write("Error: this checkout's dependencies are not installed. Type: npm ci\n");
  process.exitCode = 1;
}

function isInstalled(name) {
  try {
    return Boolean(require.resolve(name));
  } catch {
    return false;
  }
}
