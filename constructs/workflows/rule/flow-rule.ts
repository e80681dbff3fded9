import { createHash } from "node:crypto";
import type { ParsedJob, ParsedWorkflow } from "./parsed-workflow";
import { deploys, type Rule, reads, stepsOf } from "./rule";

/** W16: a schedule avoids the crowd at the full hour, and can be run by hand. */
const schedule: Rule = {
  id: "W16",
  check(file, report) {
    const { schedule: crons = [], workflow_dispatch: manual } = file.on;
    const path = ["on", "schedule"];
    if (crons.length > 1) report("workflow/schedule", path, `has ${crons.length} crons; a file has one`);
    for (const { cron } of crons) {
      const [minute = ""] = cron.trim().split(/\s+/);
      if (!/^(0|\*)($|[/,-])/.test(minute)) continue;
      report(
        "workflow/schedule",
        path,
        `"${cron}" runs at the full hour, when GitHub drops runs; begin at another minute, such as 7 or 2-57/5`,
      );
    }
    if (crons.length > 0 && manual === undefined) {
      report("workflow/schedule", ["on"], "has a schedule and cannot be run by hand; add workflow_dispatch");
    }
  },
};

/**
 * W17: a gate is a gate. GitHub counts a skipped check as passed, so a gate that may be skipped stands under one that never is and that looks at
 * its result.
 */
const gates: Rule = {
  id: "W17",
  check(file, report, { config }) {
    const required = new Set(config.repository.protection.requiredChecks);
    const gate = file.jobs.filter((job) => required.has(job.name ?? job.id));
    for (const job of file.jobs) {
      if (job["continue-on-error"] === undefined) continue;
      report("workflow/gate", ["jobs", job.id, "continue-on-error"], "lets a job fail unseen; leave it out");
    }
    for (const { job, step, path } of stepsOf(file)) {
      const mayFail = [...path, "continue-on-error"];
      if (step["continue-on-error"] === undefined) continue;
      if (gate.includes(job)) report("workflow/gate", mayFail, "lets a step of a required check fail; leave it out");
      else if (file.comment(mayFail) === "") report("workflow/gate", mayFail, "must say behind it, in a comment, why");
    }
    for (const job of gate) {
      if (passesUnseen(job, gate) && !gate.some((one) => !passesUnseen(one, gate) && looksAt(one, job))) {
        report(
          "workflow/gate-skipped",
          ["jobs", job.id],
          "may be skipped, which GitHub counts as passed; add a required job with if: always() that needs it and fails unless its result is success",
        );
      }
    }
  },
};

/** Whether a job may be skipped without another required check being red: by its own condition, or after a job that is no required check. */
function passesUnseen({ if: condition, needs }: ParsedJob, gate: readonly ParsedJob[]): boolean {
  if (condition !== undefined) return !/^(\$\{\{\s*)?always\(\)(\s*\}\})?$/.test(condition.trim());
  return needs.some((id) => {
    const first = gate.find((one) => one.id === id);
    // Without it: jobs that need each other must not make this go round for ever.
    const others = gate.filter((one) => one.id !== id);
    return first === undefined || passesUnseen(first, others);
  });
}

const looksAt = (gate: ParsedJob, { id }: ParsedJob): boolean => {
  const text = JSON.stringify(gate.steps);
  return gate.needs.includes(id) && (text.includes(`needs.${id}.result`) || /toJSON\(needs\)/i.test(text));
};

/** W18: a required check that no run reports blocks every merge. Reported with the first file. */
const requiredChecks: Rule = {
  id: "W18",
  check(file, report, { config, all }) {
    if (file !== all[0]) return;
    for (const [index, name] of config.repository.protection.requiredChecks.entries()) {
      const makers = all.flatMap((one) =>
        one.jobs.filter((job) => (job.name ?? job.id) === name).map((job) => ({ file: one, job })),
      );
      const where = `required by repository.protection.requiredChecks[${index}]`;
      const say = (text: string) => report("workflow/required-check", [], `check "${name}", ${where}, ${text}`);
      const [maker, second] = makers;
      if (!maker) say("is no job of a managed workflow; name a job so, or drop the check");
      else if (second) {
        say(
          `is a job of ${makers.map((one) => `${one.file.file} (${one.job.id})`).join(" and ")}; GitHub takes either, so rename one`,
        );
      } else runsAlways(maker.file, maker.job, say);
    }
  },
};

function runsAlways(file: ParsedWorkflow, { id, if: condition = "" }: ParsedJob, say: (text: string) => void): void {
  const place = `job ${id} of ${file.file}`;
  if (!("pull_request" in file.on)) say(`is ${place}, which does not run on pull requests; add on.pull_request`);
  else if (file.on.pull_request?.paths !== undefined || "paths-ignore" in (file.on.pull_request ?? {})) {
    say(
      `is ${place}, which runs for some paths only, and is awaited for ever on the others; drop on.pull_request.paths`,
    );
  } else if (/head\.repo\b|\.fork\b/.test(condition)) {
    say(`is ${place}, which skips forks by its if, and a skipped check counts as passed; let a step decide`);
  }
}

/** W19: inputs of a manual run have a type, and a version is matched before it is used. */
const inputs: Rule = {
  id: "W19",
  check(file, report) {
    for (const [name, { type }] of Object.entries(file.on.workflow_dispatch?.inputs ?? {})) {
      const path = ["on", "workflow_dispatch", "inputs", name];
      if (type === undefined) report("workflow/input", path, "has no type; give it string, boolean, number or choice");
      if (!/version/.test(name)) continue;
      const users = stepsOf(file).flatMap(({ step }) =>
        Object.entries(step.env)
          .filter(([, value]) => new RegExp(`\\binputs\\.${name}\\b`).test(value))
          .map(([variable]) => ({ run: step.run ?? "", variable })),
      );
      const matched = users.every(
        ({ run, variable }) => !reads(run, variable) || new RegExp(`\\$\\{?${variable}\\}?"? =~ \\^`).test(run),
      );
      if (!matched)
        report(
          "workflow/input",
          path,
          "is used before it is matched; match it in a first step: ^v[0-9]+\\.[0-9]+\\.[0-9]+",
        );
    }
  },
};

/** W21: the head says where the file comes from, and that nobody changed what follows. */
const head: Rule = {
  id: "W21",
  check({ text }, report) {
    const [top = "", ...rest] = text.split("\n\n");
    const body = rest.join("\n\n");
    const [, hash] = /^# sha256 of what follows: ([0-9a-f]{64})$/m.exec(top) ?? [];
    if (!/^# Generated by hotdash-infra from \S+\.ts;/.test(top) || hash === undefined) {
      report("workflow/head", [], "does not begin with the head of a generated file; write it with infra apply");
    } else if (hash !== createHash("sha256").update(body).digest("hex")) {
      report("workflow/head", [], "was changed after it was generated; change its source and write it anew");
    }
  },
};

/**
 * W08, across files: a called workflow in the group of its caller waits for its caller, which waits for it. So it has a group of its own when it is
 * called, and, where it deploys, the caller's group when it is started by hand.
 */
const calls: Rule = {
  id: "W08",
  check(file, report, { all }) {
    for (const { id, uses, with: given } of file.jobs) {
      const name = /^\.\/\.github\/workflows\/(.+)$/.exec(uses ?? "")?.[1];
      if (name === undefined) continue;
      const path = ["jobs", id, "uses"];
      const called = all.find((one) => one.file === name);
      if (!called || !("workflow_call" in called.on)) {
        report("workflow/called-file", path, `"${name}" is no managed workflow with on.workflow_call`);
        continue;
      }
      group(file, called, given.called === "true", (text) => report("workflow/called-concurrency", path, text));
    }
  },
};

function group(caller: ParsedWorkflow, called: ParsedWorkflow, says: boolean, say: (text: string) => void): void {
  const [, byHand] = /^\$\{\{ inputs\.called && .* \|\| '([^']*)' \}\}$/.exec(called.concurrency?.group ?? "") ?? [];
  if (byHand === undefined) {
    say(`${called.file} has the same concurrency group when it is called; give it groupUnlessCalled(...)`);
  } else if (!says) say(`does not say so to ${called.file}, which then waits for this run; add with: called: true`);
  else if (!called.jobs.some(deploys)) return;
  else if (byHand !== caller.concurrency?.group && caller.concurrency?.group.includes("inputs.called") !== true) {
    say(
      `${called.file} started by hand runs in group "${byHand}", and this file in "${caller.concurrency?.group}"; use one group`,
    );
  }
}

/** Rules about when things run, and what waits for what. */
export const flowRules: readonly Rule[] = [schedule, gates, requiredChecks, inputs, head, calls];
