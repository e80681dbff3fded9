#!/usr/bin/env node
import { start } from "../policy/policy.mjs";
import { annotate, json, options, summarize, whole } from "./fly.mjs";
import { table } from "./table.mjs";

const usage = `Usage: node scripts/ops/ready-versions.mjs --tag v1.2.3 --count 3

Says whether the versions before a tag are ready to go back to: each of the newest COUNT releases that are no prereleases has its archive and
the checksum of it. A version that is not ready is a warning: the new release stands all the same.
Env vars: GH_TOKEN, GITHUB_REPOSITORY.
Exit codes: 0 said, 2 it cannot tell.`;

await start(usage, (args) => {
  const { tag, count } = options(args, { tag: "required", count: "required" });
  const path = `repos/${process.env.GITHUB_REPOSITORY}/releases?per_page=100`;
  const earlier = json("gh", ["api", path], [])
    .filter(({ tag_name, draft, prerelease }) => tag_name !== tag && !draft && !prerelease)
    .sort((one, other) => (one.published_at < other.published_at ? 1 : -1))
    .slice(0, whole(count, "count"));
  const rows = earlier.map(({ tag_name, assets }) => [tag_name, missing(assets).join(", ") || "ready"]);
  for (const [version, state] of rows)
    if (state !== "ready") annotate("warning", `${version} is not ready to go back to`, `it lacks ${state}`);
  summarize(
    `## Ready to go back to\n\n${rows.length === 0 ? "No version before this one." : table(["Version", "Files"], rows)}`,
  );
  console.log(rows.map((row) => row.join(": ")).join("\n") || "No version before this one.");
  return 0;
});

function missing(assets) {
  const names = assets.map(({ name }) => name);
  return [".tar.gz", ".tar.gz.sha256"].filter((end) => !names.some((name) => name.endsWith(end)));
}
