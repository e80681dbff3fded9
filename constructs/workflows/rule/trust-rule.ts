import type { ParsedJob, Path } from "./parsed-workflow";
import { type Report, type Rule, reads, type Surroundings, stepsOf, untrusted } from "./rule";

/** W04: code of strangers never runs with our secrets. */
const triggers: Rule = {
  id: "W04",
  check(file, report) {
    for (const event of ["pull_request_target", "workflow_run"]) {
      if (!(event in file.on)) continue;
      report(
        "workflow/trigger",
        ["on", event],
        "runs strangers' code with this repository's secrets; use pull_request",
      );
    }
    if (!("pull_request" in file.on)) return;
    for (const job of file.jobs) {
      if (
        job.environment === undefined ||
        lineage(file.jobs, job).some(({ if: condition = "" }) => skipsForks(condition))
      ) {
        continue;
      }
      report(
        "workflow/fork",
        ["jobs", job.id, "if"],
        "uses an environment on pull requests and must skip forks: github.event.pull_request.head.repo.full_name == github.repository",
      );
    }
  },
};

const skipsForks = (condition: string): boolean =>
  /head\.repo\.full_name\s*==\s*github\.repository\b/.test(condition) ||
  /event_name\s*!=\s*'pull_request'/.test(condition);

/** A job and the jobs without which it does not run. */
function lineage(jobs: readonly ParsedJob[], job: ParsedJob): readonly ParsedJob[] {
  if (/\b(always|failure|cancelled)\(\)/.test(job.if ?? "")) return [job];
  const others = jobs.filter((one) => one !== job);
  return [job, ...others.filter(({ id }) => job.needs.includes(id)).flatMap((one) => lineage(others, one))];
}

/** W05: no script is put together from expressions. */
const scripts: Rule = {
  id: "W05",
  check(file, report) {
    for (const { step, path } of stepsOf(file)) {
      for (const [name, text] of Object.entries({ run: step.run, shell: step.shell, script: step.with.script })) {
        if (!text?.includes("${{")) continue;
        report(
          "workflow/expression-in-run",
          [...path, name],
          'holds an expression, whose value would be run as code; hand it over through env and read "$NAME"',
        );
      }
    }
  },
};

/** W06: what a stranger chose steers later steps only after it was looked at. */
const files: Rule = {
  id: "W06",
  check(file, report) {
    for (const { step, path } of stepsOf(file)) {
      for (const [name, value] of Object.entries(step.env)) {
        if (!untrusted.test(value) || !writesOut(step.run ?? "", name) || isMatched(step.run ?? "", name)) continue;
        report(
          "workflow/untrusted-output",
          [...path, "run"],
          `writes ${name}, which somebody outside chose, to GITHUB_OUTPUT, GITHUB_ENV or GITHUB_PATH; match it first: [[ "$${name}" =~ ^...$ ]], else exit 1`,
        );
      }
    }
  },
};

/** A line writes the variable to a file of the runner; behind a block, every line of the script may. */
function writesOut(script: string, name: string): boolean {
  const lines = script.split("\n").filter((line) => /GITHUB_(OUTPUT|ENV|PATH)\b/.test(line));
  return lines.some((line) => reads(/^\s*(\}|done|fi|\)|EOF)/.test(line) ? script : line, name));
}

const isMatched = (script: string, name: string): boolean =>
  new RegExp(`\\[\\[ "?\\$\\{?${name}\\}?"? =~ \\^`).test(script) && /\bexit 1\b/.test(script);

/** W09: a secret is one that the configuration declares, for where the job is; what deploys has an environment. */
const declared: Rule = {
  id: "W09",
  check(file, report, { config }) {
    for (const job of file.jobs) {
      const say = (text: string) => report("workflow/secret-environment", ["jobs", job.id], text);
      const secrets = secretsIn(job);
      if (
        secrets.has("FLY_API_TOKEN") &&
        job.environment === undefined &&
        job.steps.some(({ run = "" }) => changes.test(run))
      ) {
        say("changes Fly with the token of the whole repository; name the environment that it changes");
      }
      for (const name of secrets) {
        if (name === "GITHUB_TOKEN" || isDeclared(name, job, config)) continue;
        const { environment } = job;
        say(
          environment === undefined
            ? `reads secret ${name}, which repository.secrets does not declare; name the environment that has it`
            : `reads secret ${name}; declare it in repository.environments.${environment}.secrets`,
        );
      }
    }
  },
};

/** Commands that change what runs on Fly. */
const changes =
  /\b(fly(ctl)?\s+(deploy|scale|apps?\s+(create|destroy)|machines?\s+(restart|start|stop|update|destroy)|secrets\s+(set|import|unset))|infra\s+(apply|rollback))\b/;

const secretsIn = (job: ParsedJob): ReadonlySet<string> =>
  new Set([...JSON.stringify(job).matchAll(/\bsecrets\.([A-Za-z_][A-Za-z0-9_]*)/g)].map(([, name = ""]) => name));

function isDeclared(name: string, job: ParsedJob, { repository }: Surroundings["config"]): boolean {
  const own = repository.environments[job.environment ?? ""]?.secrets ?? [];
  return [...repository.secrets, ...own].some(
    (one) => one === name || (one.endsWith("*") && name.startsWith(one.slice(0, -1))),
  );
}

/** W10: a secret reaches the one step that needs it, by name. */
const scope: Rule = {
  id: "W10",
  check(file, report) {
    for (const { path, text } of file.texts) {
      if (/\$\{\{[^}]*(toJSON|toJson)\(\s*secrets\b|secrets\s*\[/.test(text)) {
        report("workflow/secret-scope", path, "reads secrets without naming one; name the secret that is needed");
      } else if (/\$\{\{[^}]*\bsecrets\./.test(text) && !maySecret(path)) {
        report(
          "workflow/secret-scope",
          path,
          "hands a secret to more than one step; put it into the env of the step that needs it",
        );
      }
    }
    for (const { id, secrets } of file.jobs) inherited(id, secrets, report);
  },
};

function inherited(id: string, secrets: ParsedJob["secrets"], report: Report): void {
  if (typeof secrets !== "string") return;
  report(
    "workflow/secret-scope",
    ["jobs", id, "secrets"],
    `"${secrets}" hands over every secret; name those that are needed`,
  );
}

/** `env` or `with` of a step, `secrets` of a call. */
const maySecret = (path: Path): boolean =>
  (path[2] === "steps" && (path[4] === "env" || path[4] === "with")) || (path[0] === "jobs" && path[2] === "secrets");

/** Rules about whom a workflow trusts, and with what. */
export const trustRules: readonly Rule[] = [triggers, scripts, files, declared, scope];
