#!/usr/bin/env node
import { existsSync, readFileSync } from "node:fs";
import { policy, start, Trouble } from "../policy/policy.mjs";
import { json, options } from "./fly.mjs";

const usage = `Usage: node scripts/ops/preview-comment.mjs --number NUMBER --status (deployed|failed|removed) [options]

Writes the one comment on a pull request that says where its preview is, or updates it in place.
  --url, --app, --commit, --image   of what was deployed
  --owner LOGIN                     who opened the pull request
  --expires TIME                    until when it stays
  --health FILE                     what verify-deployment.mjs saw
Env vars: GH_TOKEN, GITHUB_REPOSITORY, GITHUB_SERVER_URL, GITHUB_RUN_ID.
Exit codes: 0 written, or already so; 2 GitHub refused.`;

/** `infra preview --comment` keeps the same one. */
const marker = "<!-- infra:preview -->";

await start(usage, (args) => {
  const given = options(args, {
    number: "required",
    status: "required",
    url: "optional",
    app: "optional",
    commit: "optional",
    image: "optional",
    owner: "optional",
    expires: "optional",
    health: "optional",
  });
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

function comment({ status, url, app, commit = "", image = "", owner = "", expires = "", health, number }) {
  const { GITHUB_SERVER_URL: server, GITHUB_REPOSITORY: repository, GITHUB_RUN_ID: run } = process.env;
  const log = `[log](${server}/${repository}/actions/runs/${run})`;
  const page = `https://fly.io/apps/${app}`;
  const lines = {
    deployed: [
      `**Preview:** ${url}`,
      "",
      "| | |",
      "|---|---|",
      `| Commit | ${code(commit.slice(0, 12))}, ${log} |`,
      `| Version | ${code(image.split(/[:@]/).at(-1))} |`,
      `| Health | ${healthOf(health)} |`,
      `| On Fly | [app](${page}), [monitoring](${page}/monitoring) |`,
      `| Owner | ${code(owner)} |`,
      `| Stays until | ${expires.slice(0, 16).replace("T", " ")} UTC; each update moves it |`,
      `| Cost | ${policy.previewCost} a month, an estimate |`,
      "",
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

/** A text from outside as a code span. */
function code(text) {
  return `\`${text.replace(/[`|\p{C}]/gu, "") || "unknown"}\``;
}

function healthOf(file) {
  if (!file || !existsSync(file)) return "not known";
  const { paths = {}, machines = [] } = JSON.parse(readFileSync(file, "utf8"));
  const answers = Object.entries(paths).map(([path, status]) => `${code(path)} answers ${status}`);
  const started = machines.filter(({ state }) => state === "started").length;
  return [...answers, `${started} of ${machines.length} machines started`].join("; ");
}
