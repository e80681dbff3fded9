import type { ActionsCache, WorkflowJob, WorkflowRun } from "../../api/github";
import { cacheUse } from "./actions";

const at = (minute: number, second = 0) => new Date(Date.UTC(2026, 10, 1, 9, minute, second)).toISOString();

/** A run of ten minutes from that minute on. */
const run = (minute: number): WorkflowRun => ({
  id: minute,
  path: ".github/workflows/ci.yml",
  event: "push",
  head_branch: "main",
  head_sha: "0",
  status: "completed",
  conclusion: "success",
  created_at: at(minute),
  updated_at: at(minute + 10),
  html_url: "https://github.com/o/r/actions/runs/1",
});

const step = (name: string, seconds: number) => ({
  name,
  conclusion: "success",
  started_at: at(0),
  completed_at: at(0, seconds),
});
const job = (...steps: readonly ReturnType<typeof step>[]): WorkflowJob => ({
  id: 1,
  name: "build",
  conclusion: "success",
  started_at: at(0),
  completed_at: at(1),
  steps: [...steps],
});
const installs = (seconds: number) => job(step("Restore npm's downloads", 2), step("Install dependencies", seconds));
const cache = (minute: number): ActionsCache => ({
  key: "npm-1",
  ref: "refs/heads/main",
  created_at: at(minute),
  last_accessed_at: at(minute),
});

test.each([
  {
    when: "a run that made the cache is compared with one that found it",
    looked: [
      { run: run(0), jobs: [installs(58), installs(38)] },
      { run: run(20), jobs: [installs(8), installs(8)] },
    ],
    caches: [cache(5)],
    says: { hits: 1, misses: 1, secondsWith: 20, secondsWithout: 100, savedPercent: 80, savedMinutes: 27 },
  },
  {
    when: "every run found it: nobody knows what it takes without",
    looked: [{ run: run(20), jobs: [installs(8)] }],
    caches: [cache(5)],
    says: { hits: 1, misses: 0, secondsWith: 10, secondsWithout: null, savedPercent: null, savedMinutes: null },
  },
  {
    when: "a cache that costs more than it brings is told as such",
    looked: [
      { run: run(0), jobs: [installs(8)] },
      { run: run(20), jobs: [installs(18)] },
    ],
    caches: [cache(5)],
    says: { hits: 1, misses: 1, secondsWith: 20, secondsWithout: 10, savedPercent: -100, savedMinutes: -3 },
  },
  {
    when: "a run that restores nothing says nothing",
    looked: [{ run: run(0), jobs: [job(step("Check out", 3), step("Install dependencies", 50))] }],
    caches: [],
    says: { hits: 0, misses: 0, secondsWith: null, secondsWithout: null, savedPercent: null, savedMinutes: null },
  },
])("$when", ({ looked, caches, says }) => {
  expect(cacheUse(looked, caches, 40)).toEqual(says);
});
