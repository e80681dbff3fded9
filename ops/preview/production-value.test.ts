import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Stack } from "../project";
import { refuseProductionValues } from "./production-value";

const folder = mkdtempSync(join(tmpdir(), "production-value-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** A stack whose app has one secret, KEY, from there. */
function stackWith(name: string, source: object): Stack {
  const directory = join(folder, name);
  mkdirSync(directory, { recursive: true });
  const json = { resource: { fly_secrets: { it: { sources: { KEY: source } } } } };
  writeFileSync(join(directory, "cdk.tf.json"), JSON.stringify(json));
  return { name, directory, dependencies: [] };
}

const canary = "canary-of-production";

test.each<{
  what: string;
  preview: object;
  production: object;
  env?: Record<string, string>;
  says: string | undefined;
}>([
  {
    what: "values of their own",
    preview: { env: ["PREVIEW_KEY", "STAGING_KEY"] },
    production: { env: ["PRODUCTION_KEY"] },
    env: { STAGING_KEY: "other", PRODUCTION_KEY: canary },
    says: undefined,
  },
  {
    what: "production's value in the env var that counts",
    preview: { env: ["PREVIEW_KEY", "STAGING_KEY"] },
    production: { env: ["PRODUCTION_KEY"] },
    env: { STAGING_KEY: canary, PRODUCTION_KEY: canary },
    says: "KEY: STAGING_KEY holds a value of production",
  },
  {
    what: "production's value in an env var that does not count",
    preview: { env: ["PREVIEW_KEY", "STAGING_KEY"] },
    production: { env: ["PRODUCTION_KEY"] },
    env: { PREVIEW_KEY: "own", STAGING_KEY: canary, PRODUCTION_KEY: canary },
    says: undefined,
  },
  { what: "the same env var", preview: { env: ["KEY"] }, production: { env: ["KEY"] }, says: "read from env var KEY" },
  { what: "the same file", preview: { file: "key" }, production: { file: "key" }, says: "read from file key" },
  {
    what: "the same command",
    preview: { command: ["vault", "read", "key"] },
    production: { command: ["vault", "read", "key"] },
    says: "read from command vault read key",
  },
  { what: "nothing set", preview: { env: ["A"] }, production: { env: ["B"] }, says: undefined },
])("a preview with $what", ({ preview, production, env = {}, says }) => {
  const refused = () =>
    refuseProductionValues(stackWith("preview-9", preview), stackWith("production", production), env);
  if (says === undefined) expect(refused).not.toThrow();
  else expect(refused).toThrow(says);
  try {
    refused();
  } catch (error) {
    expect(String(error)).not.toContain(canary);
  }
});
