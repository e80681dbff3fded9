import { json } from "./fly.mjs";

/** Runs of each workflow that are looked at closely: GitHub allows a job's token 1000 questions an hour. */
const sample = 5;
const dayMs = 24 * 60 * 60 * 1000;

/**
 * Use of GitHub Actions by workflow, most minutes first: `{ name, runs, failed, minutes }`.
 *
 * GitHub closed the API that told the minutes of a workflow (February 2025). They are estimated as it bills them: each job of the newest
 * runs rounded up to a minute, their mean times the number of runs.
 */
export function actionsMinutes(repository, days) {
  const since = new Date(Date.now() - days * dayMs).toISOString().slice(0, 10);
  const { workflows } = json("gh", ["api", `repos/${repository}/actions/workflows?per_page=100`], { workflows: [] });
  return workflows
    .map(({ id, name }) => {
      const ask = (query) =>
        json("gh", ["api", `repos/${repository}/actions/workflows/${id}/runs?created=%3E%3D${since}&${query}`]);
      const { total_count: runs, workflow_runs: newest } = ask(`status=completed&per_page=${sample}`);
      const failed = runs === 0 ? 0 : ask("status=failure&per_page=1").total_count;
      return { name, runs, failed, minutes: Math.round(runs * mean(newest.map((run) => billed(repository, run)))) };
    })
    .sort((one, other) => other.minutes - one.minutes);
}

function billed(repository, { id }) {
  const { jobs } = json("gh", ["api", `repos/${repository}/actions/runs/${id}/jobs?filter=all&per_page=100`]);
  return jobs
    .filter(({ conclusion, started_at, completed_at }) => conclusion !== "skipped" && started_at && completed_at)
    .reduce((sum, job) => sum + Math.ceil((new Date(job.completed_at) - new Date(job.started_at)) / 60_000), 0);
}

const mean = (numbers) => (numbers.length === 0 ? 0 : numbers.reduce((sum, one) => sum + one, 0) / numbers.length);
