import { deploys, type Rule, stepsOf } from "./rule";

/** W02: the token can do nothing, except what a job lists; a permission to write says why. */
const permissions: Rule = {
  id: "W02",
  check(file, report) {
    if (JSON.stringify(file.permissions) !== "{}") {
      report("workflow/permissions", ["permissions"], "must be {}; each job lists what it needs");
    }
    for (const { id, permissions: own } of file.jobs) {
      const path = ["jobs", id, "permissions"];
      if (typeof own !== "object") {
        report("workflow/permissions", path, "must list what the job needs, {} where that is nothing");
        continue;
      }
      for (const [scope, level] of Object.entries(own)) {
        if (level !== "write" || file.comment([...path, scope]) !== "") continue;
        report("workflow/permissions", [...path, scope], "must say behind it, in a comment, why the job writes");
      }
    }
  },
};

/** Minutes that no job may exceed; a deployment is shorter, a required check as short as a run of CI. */
const mostMinutes = { any: 30, deployment: 20 };

/** W07: every job ends, soon. */
const timeout: Rule = {
  id: "W07",
  check(file, report, { config }) {
    for (const job of file.jobs) {
      if (job.uses !== undefined) continue;
      const gate = config.repository.protection.requiredChecks.includes(job.name ?? job.id);
      const most = Math.min(
        deploys(job) ? mostMinutes.deployment : mostMinutes.any,
        gate ? config.delivery.ci.maxMinutes : mostMinutes.any,
      );
      const minutes = job["timeout-minutes"];
      if (typeof minutes === "number" && minutes >= 1 && minutes <= most) continue;
      const got = minutes === undefined ? "is missing" : `is ${minutes}`;
      report("workflow/timeout", ["jobs", job.id, "timeout-minutes"], `${got}; this job may take 1 to ${most} minutes`);
    }
  },
};

/** W08: one run at a time; a newer commit cancels the run before, a deployment is never cut short. */
const concurrency: Rule = {
  id: "W08",
  check(file, report) {
    const path = ["concurrency"];
    if (file.concurrency?.["cancel-in-progress"] === undefined) {
      report("workflow/concurrency", path, "is missing or does not say cancel-in-progress; name a group, and say it");
      return;
    }
    const cancels = file.concurrency["cancel-in-progress"] !== "false";
    if (cancels && file.jobs.some(deploys)) {
      report("workflow/concurrency", path, "a deployment must not be cut short; set cancel-in-progress: false");
    }
    const onlyPullRequests = "pull_request" in file.on && !file.jobs.some(deploys);
    const closing = JSON.stringify(file.on.pull_request ?? {}).includes('"closed"');
    if (!cancels && onlyPullRequests && !closing) {
      report("workflow/concurrency", path, "a newer commit makes this run useless; set cancel-in-progress: true");
    }
  },
};

/** W13: runners by version, images by digest. */
const images: Rule = {
  id: "W13",
  check(file, report) {
    for (const { id, uses, "runs-on": runner, services, container } of file.jobs) {
      if (uses === undefined && !(typeof runner === "string" && /^[a-z]+-\d+\.\d+$/.test(runner))) {
        report("workflow/runner", ["jobs", id, "runs-on"], `"${runner}" must name a version, such as ubuntu-24.04`);
      }
      const named = [...Object.entries(services), ...(container ? [["container", container] as const] : [])];
      for (const [name, { image }] of named) {
        if (/@sha256:[0-9a-f]{64}$/.test(image)) continue;
        report("workflow/image", ["jobs", id, name], `image "${image}" must be named by digest: name@sha256:...`);
      }
    }
  },
};

/** W15: bash with -eo pipefail, everywhere: a command that fails in a pipe fails its step. */
const shell: Rule = {
  id: "W15",
  check(file, report) {
    if (file.defaults.run.shell !== "bash") {
      report(
        "workflow/shell",
        ["defaults", "run", "shell"],
        "must be bash: without it a failure in a pipe is not seen",
      );
    }
    for (const { step, path } of stepsOf(file)) {
      if (step.shell === undefined || step.shell === "bash") continue;
      report("workflow/shell", [...path, "shell"], `"${step.shell}" is another shell; leave it out`);
    }
  },
};

/** W22: limits of GitHub. Lengths in characters. */
const sizes: Rule = {
  id: "W22",
  check(file, report) {
    for (const { path, text } of file.texts) {
      for (const [expression] of text.matchAll(/\$\{\{[\s\S]*?\}\}/g)) {
        if (expression.length < 21_000) continue;
        report(
          "workflow/size",
          path,
          `an expression has ${expression.length} characters; GitHub takes fewer than 21000`,
        );
      }
    }
    for (const { id, strategy } of file.jobs) {
      const sides = Object.values(strategy.matrix ?? {}).filter(Array.isArray);
      const jobs = sides.reduce((product, side) => product * side.length, 1);
      if (jobs > 256)
        report("workflow/size", ["jobs", id, "strategy", "matrix"], `makes ${jobs} jobs; GitHub takes 256`);
    }
  },
};

/** Rules about jobs and what they run on. */
export const jobRules: readonly Rule[] = [permissions, timeout, concurrency, images, shell, sizes];
