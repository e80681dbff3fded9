/** What our constructs bring is allowed by `infra review`, however the configuration chooses, and a new stack of them beside those of the base. */
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { App } from "cdktf";
import { type Configuration, configure } from "../../config";
import { hotDash } from "../../config/hotdash";
import type { Overrides } from "../../config/override";
import { allowedBy, type StackJson } from "../../ops/review/allowed";
import { refusalsOf } from "../../ops/review/refusal";
import { chatwoot } from "../../stacks/chatwoot";
import { github } from "../../stacks/github";
import { preview } from "../../stacks/preview";
import { production } from "../../stacks/production";
import { staging } from "../../stacks/staging";
import { workflows } from "../../stacks/workflows";

type Compose = (app: App, config: Configuration) => void;
const all: readonly Compose[] = [production, staging, chatwoot, github, workflows];

function synthesized(
  compose: readonly Compose[],
  overrides: Overrides,
  number?: string,
): ReadonlyMap<string, StackJson> {
  const outdir = mkdtempSync(join(tmpdir(), "review-"));
  try {
    const app = new App({ outdir });
    const config = configure(hotDash, overrides);
    for (const stack of compose) stack(app, config);
    preview(app, config, { PREVIEW_NUMBER: number });
    app.synth();
    return new Map(
      Object.values(app.manifest.stacks).map(({ name, synthesizedStackPath }) => [
        name,
        JSON.parse(readFileSync(join(outdir, synthesizedStackPath), "utf8")) as StackJson,
      ]),
    );
  } finally {
    rmSync(outdir, { recursive: true });
  }
}

const pg: Overrides = { state: { backend: "pg", schemaPrefix: "infra" } };
const s3: Overrides = { state: { backend: "s3", bucket: "state", region: "auto", keyPrefix: "infra" } };
const hcp: Overrides = { state: { backend: "hcp", organization: "hotdash", workspacePrefix: "infra" } };

test.each<[string, readonly Compose[], Overrides, Overrides]>([
  ["a ruleset, and classic protection in its place", all, {}, { "protection.mechanism": "classic" }],
  ["state in PostgreSQL", [staging], pg, pg],
  ["state in S3", [staging], s3, s3],
  ["state at HCP", [staging], hcp, hcp],
])("%s", (_what, compose, before, after) => {
  // With no text of the base known, every expression is judged by what it calls.
  const base = synthesized(compose, before);
  const allowed = { ...allowedBy(base), texts: new Set<string>() };
  const proposed = [...base, ...synthesized(compose, after, "7")];
  expect(proposed.flatMap(([name, stack]) => refusalsOf(name, stack, allowed))).toEqual([]);
});

test("a stack that begins with the state of another is refused", () => {
  const base = synthesized([staging], pg);
  expect(refusalsOf("preview-7", base.get("staging") ?? {}, allowedBy(base)).map(({ where }) => where)).toEqual([
    "preview-7 terraform",
    "preview-7 provider.fly",
  ]);
});
