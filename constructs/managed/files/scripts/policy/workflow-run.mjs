import { setTimeout as pause } from "node:timers/promises";
import { parseYaml } from "./policy.mjs";

/**
 * Judges changed workflow files: each parses, and one that runs on pull requests has succeeded at the head commit.
 *
 * @param files `{ path, text }` of each
 * @param latestRuns gives the newest run of each workflow file at the head commit, as GitHub's API has them, by path
 * @param ownRun id of the run that asks; it need not wait for itself
 * @param waitSeconds how long runs that are not there or not over yet are waited for
 * @returns problems, and notes on what no run covers
 */
export async function workflowProblems({ files, latestRuns, ownRun, waitSeconds }) {
  const read = files.map(({ path, text }) => ({ path, ...triggers(path, text) }));
  const running = read.filter(({ runs }) => runs);
  const found = running.length > 0 ? await settled(running, latestRuns, ownRun, waitSeconds) : new Map();
  return {
    problems: [
      ...read.flatMap(({ problem }) => problem ?? []),
      ...running.flatMap(({ path }) => runProblem(path, found.get(path), ownRun)),
    ],
    notes: read
      .filter(({ runs, problem }) => !runs && !problem)
      .map(
        ({ path }) => `\`${path}\` does not run on pull requests: that it parses is all that is checked of it here.`,
      ),
  };
}

/** Whether a push to a pull request starts the workflow, or why its file cannot be read. */
function triggers(path, text) {
  try {
    const { on } = parseYaml(text, path) ?? {};
    if (typeof on === "string" || Array.isArray(on)) return { runs: [on].flat().includes("pull_request") };
    const types = on?.pull_request?.types;
    return {
      runs:
        "pull_request" in (on ?? {}) &&
        (!types || [types].flat().some((type) => ["opened", "synchronize"].includes(type))),
    };
  } catch (error) {
    return { runs: false, problem: error.message };
  }
}

async function settled(workflows, latestRuns, ownRun, waitSeconds) {
  const end = Date.now() + waitSeconds * 1000;
  for (;;) {
    const found = await latestRuns();
    const open = workflows.filter(({ path }) => !isOver(found.get(path), ownRun));
    if (open.length === 0 || Date.now() >= end) return found;
    await pause(Math.min(15_000, Math.max(0, end - Date.now())));
  }
}

const isOver = (run, ownRun) => run !== undefined && (run.status === "completed" || String(run.id) === ownRun);

function runProblem(path, run, ownRun) {
  if (!run)
    return [
      `\`${path}\` is changed and has not run at the head commit: let its triggers include its own path, and push again.`,
    ];
  if (String(run.id) === ownRun || run.conclusion === "success") return [];
  if (run.status !== "completed")
    return [`\`${path}\` is changed and its run ${run.id} is not over: run this check again when it is.`];
  return [`\`${path}\` is changed and its run ${run.id} at the head commit ended in ${run.conclusion}: repair it.`];
}
