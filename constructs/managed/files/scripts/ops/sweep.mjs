#!/usr/bin/env node
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { policy, start } from "../policy/policy.mjs";
import { execute, give, masked, options, summarize } from "./fly.mjs";

const file = "reports/status/gaps.md";
const page = "reports/status/gaps.html";
const heartbeat = "reports/status/heartbeat.json";

const usage = `Usage: node scripts/ops/sweep.mjs

Compares everything live with what is declared, changes nothing, and writes ${file}: each check with PASS or FAIL, then what was found;
the same as a page into ${page}. That it was made stands in ${heartbeat}. All of it is what infra drift reads:
  Infrastructure  no stack shows a difference
  Secrets         every declared name is present, none undeclared, none over its age
  Docs policy     node scripts/policy/check-docs.mjs passes
  Secret scan     scripts/policy/scan.sh finds nothing
  Backup          the newest backup is there and no older than ${policy.backup.maxAgeHours} hours
  Parity          staging and production differ as declared, if at all
  Ready versions  there are enough releases to go back to
  Previews        the pull request of every preview is open
In GitHub Actions it also keeps one issue for each stack that differs.
Env vars: FLY_API_TOKEN and INFRA_READ_TOKEN (they only read), GITHUB_TOKEN (issues: write), and what reaches Terraform's state
Exit codes: 0 every check passes, 1 one fails (output "failed" names it), 2 it was called wrongly.`;

await start(usage, (args) => {
  options(args, {});
  mkdirSync("reports/status", { recursive: true });
  const faces = ["--markdown", file, "--html", page, "--heartbeat", heartbeat];
  const issue = process.env.GITHUB_ACTIONS === "true" ? ["--issue"] : [];
  const { code, stdout, stderr } = execute("npm", [
    "exec",
    "--no",
    "--",
    "infra",
    "drift",
    "--json",
    ...faces,
    ...issue,
  ]);
  const failed = failedIn(stdout);
  if (!failed) writeFileSync(file, unread(stderr || stdout || `infra drift ended with ${code}`));
  const text = readFileSync(file, "utf8");
  console.log(text);
  summarize(text);
  give({ failed: (failed ?? ["Infrastructure"]).join(", ") });
  return code === 0 ? 0 : 1;
});

/** Names of the checks that do not pass; undefined: infra said nothing that can be read. */
function failedIn(text) {
  try {
    const { checks } = JSON.parse(text);
    return checks.filter(({ verdict }) => verdict === "fail" || verdict === "error").map(({ name }) => name);
  } catch {
    return undefined;
  }
}

/** The report where there is none. */
function unread(words) {
  const lines = masked(words).trim().replaceAll("```", "'''");
  return `# Drift\n\n| Check | Result |\n|---|---|\n| Infrastructure | ERROR |\n\n\`\`\`text\n${lines}\n\`\`\`\n`;
}
