import { json } from "./fly.mjs";

/** Name under which backup.yml keeps a sealed backup. */
export const artifact = "database-backup";

/**
 * The newest backup that backup.yml made on the default branch and that is still kept: `{ run, made, bytes }`; undefined where there is none. By the
 * workflow and not by the artifact's name, which any pull request could use.
 */
export function newestBackup(repository = process.env.GITHUB_REPOSITORY) {
  const path = `repos/${repository}/actions`;
  const query = `${path}/workflows/backup.yml/runs?status=success&per_page=5`;
  for (const { id, created_at: made } of json("gh", ["api", query], { workflow_runs: [] }).workflow_runs) {
    const kept = json("gh", ["api", `${path}/runs/${id}/artifacts?name=${artifact}`], { artifacts: [] }).artifacts;
    const [found] = kept.filter(({ expired }) => !expired);
    if (found) return { run: id, made, bytes: found.size_in_bytes };
  }
  return undefined;
}
