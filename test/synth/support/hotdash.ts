import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { App } from "cdktf";
import { configure } from "../../../config";
import { hotDash } from "../../../config/hotdash";
import type { Overrides } from "../../../config/override";
import { FlyApp } from "../../../constructs/fly/fly-app";
import { chatwoot } from "../../../stacks/chatwoot";
import { preview } from "../../../stacks/preview";
import { production } from "../../../stacks/production";
import { staging } from "../../../stacks/staging";

/** A synthesized stack, without CDKTF's comments. */
export interface StackJson {
  readonly provider: unknown;
  readonly resource: Readonly<Record<string, Readonly<Record<string, Readonly<Record<string, unknown>>>>>>;
  readonly terraform: { readonly backend?: unknown; readonly required_providers?: unknown };
}

export interface HotDash {
  readonly stacks: Readonly<Record<string, StackJson>>;
  /** Text of each fly.toml by name. */
  readonly files: Readonly<Record<string, string>>;
}

/** HotDash's stacks as main.ts composes them, synthesized in a folder that is gone afterwards. */
export function synthesizeHotDash(overrides: Overrides = {}, env: NodeJS.ProcessEnv = {}): HotDash {
  const outdir = mkdtempSync(join(tmpdir(), "hotdash-"));
  try {
    const app = new App({ outdir });
    const config = configure(hotDash, overrides);
    production(app, config);
    staging(app, config);
    chatwoot(app, config);
    preview(app, config, env);
    app.synth();
    const stacks = Object.values(app.manifest.stacks).map(({ name, synthesizedStackPath }) => [
      name,
      withoutComments(JSON.parse(readFileSync(join(outdir, synthesizedStackPath), "utf8"))),
    ]);
    const files = app.node
      .findAll()
      .filter(FlyApp.isFlyApp)
      .flatMap(({ flyToml }) => (flyToml ? [[flyToml.name, flyToml.text]] : []));
    return { stacks: Object.fromEntries(stacks), files: Object.fromEntries(files) };
  } finally {
    rmSync(outdir, { recursive: true });
  }
}

function withoutComments(value: unknown): unknown {
  if (typeof value !== "object" || value === null) return value;
  if (Array.isArray(value)) return value.map(withoutComments);
  const entries = Object.entries(value).filter(([key]) => key !== "//");
  return Object.fromEntries(entries.map(([key, one]) => [key, withoutComments(one)]));
}
