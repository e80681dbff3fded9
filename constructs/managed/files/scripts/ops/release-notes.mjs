#!/usr/bin/env node
import { start, Trouble } from "../policy/policy.mjs";
import { execute, options } from "./fly.mjs";

const usage = `Usage: node scripts/ops/release-notes.mjs --tag v1.2.3 --repository OWNER/NAME --trigger tag|manual

Prints the notes of a release: the commits since the version before, then how it is deployed and taken back. A version is compared with the one
before it that is no prerelease; a prerelease with the newest one before it.
Exit codes: 0 printed, 2 it cannot tell.`;

const form = /^v(\d+)\.(\d+)\.(\d+)(?:-(alpha|beta|rc)\.(\d+))?$/;
/** GitHub takes 125,000 characters. */
const mostCommits = 500;

await start(usage, (args) => {
  const shape = { tag: "required", repository: "required", trigger: "required" };
  const { tag, repository, trigger } = options(args, shape);
  if (!form.test(tag)) throw new Trouble(`"${tag}" is no version such as v1.2.3 or v1.2.3-rc.1`);
  const before = previous(tag, git("tag", "--list", "v*"));
  const commits = git("log", "--no-merges", "--format=- %s (%h)", before ? `${before}..${tag}` : tag);
  console.log([...changelog(commits, before, tag, repository), ...instructions(tag, trigger)].join("\n"));
  return 0;
});

function git(...args) {
  const { code, stdout, stderr } = execute("git", args);
  if (code !== 0) throw new Trouble(`git ${args[0]} failed: ${stderr.trim()}`);
  return stdout.split("\n").filter(Boolean);
}

function previous(tag, tags) {
  const earlier = tags.filter((one) => form.test(one) && compare(one, tag) < 0);
  const counted = isPrerelease(tag) ? earlier : earlier.filter((one) => !isPrerelease(one));
  return counted.sort(compare).at(-1);
}

function isPrerelease(tag) {
  return tag.includes("-");
}

/** By number, and a prerelease before its version: alpha, beta, rc. */
function compare(one, other) {
  const [mine, theirs] = [one, other].map((tag) => {
    const [, major, minor, patch, stage = "~", count = 0] = form.exec(tag);
    return [Number(major), Number(minor), Number(patch), stage, Number(count)];
  });
  const index = mine.findIndex((part, at) => part !== theirs[at]);
  if (index === -1) return 0;
  return mine[index] < theirs[index] ? -1 : 1;
}

function changelog(commits, before, tag, repository) {
  const more = commits.length - mostCommits;
  return [
    "## Changes",
    "",
    ...(commits.length === 0 ? ["No commit of its own."] : commits.slice(0, mostCommits)),
    ...(more > 0 ? [`- and ${more} more`] : []),
    "",
    before
      ? `Everything since ${before}: https://github.com/${repository}/compare/${before}...${tag}`
      : "This is the first version.",
    "",
  ];
}

function instructions(tag, trigger) {
  const command = `\`gh workflow run deploy-production.yml --ref ${tag} -f version=${tag}\``;
  if (isPrerelease(tag)) return ["## Deployment", "", "A prerelease is never deployed to production."];
  return [
    "## Deployment",
    "",
    trigger === "tag"
      ? `1. The production deployment has been started. To start it again: ${command}`
      : `1. Start the production deployment: ${command}`,
    "2. It goes on when CI is green on the commit, the same commit is healthy on staging, the deployment window is open and an approver agrees.",
    `3. To go back: \`scripts/ops/rollback.sh <version before>\`; a failed verification goes back by itself.`,
    "",
    "Check the files before use: `sha256sum --check *.sha256`.",
  ];
}
