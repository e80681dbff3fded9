#!/usr/bin/env node
import { start, Trouble } from "../policy/policy.mjs";
import { json, options } from "./fly.mjs";

const usage = `Usage: node scripts/ops/preview-comment.mjs --number NUMBER --status (deployed|failed|removed) [--url URL] [--commit SHA]

Writes the one comment on a pull request that says where its preview is, or updates it in place.
Env vars: GH_TOKEN, GITHUB_REPOSITORY, GITHUB_SERVER_URL, GITHUB_RUN_ID.
Exit codes: 0 written, or already so; 2 GitHub refused.`;

const marker = "<!-- hotdash:preview -->";

await start(usage, (args) => {
  const given = options(args, { number: "required", status: "required", url: "optional", commit: "optional" });
  const body = comment(given);
  const path = `repos/${process.env.GITHUB_REPOSITORY}/issues`;
  const [first, ...others] = json(
    "gh",
    ["api", "--paginate", "--slurp", `${path}/${given.number}/comments?per_page=100`],
    [],
  )
    .flat()
    .filter((one) => one.body?.startsWith(marker) && one.user?.type === "Bot");
  for (const { id } of others) json("gh", ["api", "--method", "DELETE", `${path}/comments/${id}`]);
  if (!first) send("POST", `${path}/${given.number}/comments`, body);
  else if (first.body !== body) send("PATCH", `${path}/comments/${first.id}`, body);
  return 0;
});

function send(method, path, body) {
  return json("gh", ["api", "--method", method, path, "--input", "-"], null, JSON.stringify({ body }));
}

function comment({ status, url, commit = "", number }) {
  const { GITHUB_SERVER_URL: server, GITHUB_REPOSITORY: repository, GITHUB_RUN_ID: run } = process.env;
  const log = `[log](${server}/${repository}/actions/runs/${run})`;
  const lines = {
    deployed: [
      `**Preview:** ${url}`,
      "",
      `Status: deployed, commit \`${commit.slice(0, 12)}\`, ${log}.`,
      "It sleeps while nobody looks, so that the first page takes a few seconds. Each push updates it; a merge or a close removes it.",
      "It uses staging's values: what you change there, staging's users see.",
    ],
    failed: [
      "**Preview:** not available",
      "",
      `Status: the deployment of commit \`${commit.slice(0, 12)}\` failed, ${log}.`,
      `Push a correction, or run the job again: \`gh run rerun ${run} --failed\`.`,
    ],
    removed: [
      "**Preview:** removed",
      "",
      `Status: the pull request is closed, ${log}.`,
      `Reopen #${number} for a new one.`,
    ],
  }[status];
  if (!lines) throw new Trouble(`preview-comment: --status is ${status}; known are deployed, failed, removed`);
  return [marker, ...lines].join("\n");
}
