import type { Configuration } from "../../config";
import { commandsAwaited } from "../workflows/command";
import type { RepositoryFile } from "./repository-file";

/** What is to be known of the files and no apply changes, as sentences; `infra plan` prints each. */
export function fileNotes({ delivery }: Configuration, files: readonly RepositoryFile[]): string[] {
  const { days, from, to, timeZone } = delivery.production.window;
  return [
    ...files.flatMap(({ path, text }) =>
      commandsAwaited(text).map(
        (command) =>
          `${path} waits for infra ${command}, which this version does not have: a step that calls it fails, a job that is for it alone is left out.`,
      ),
    ),
    `Deployments to production begin ${days.join(", ")} from ${from} to ${to} (${timeZone}): GitHub knows no such window, the workflow itself refuses outside it. Rollbacks are exempt.`,
    ...(delivery.ci.lint === "reported"
      ? ["lint is reported and not required: ci-complete passes without it, and says so."]
      : []),
    ...(delivery.write === "direct"
      ? [
          "Files are committed one by one, and GitHub's API for that knows no mode: scripts are not executable there, and workflows call them by bash and node.",
        ]
      : []),
  ];
}
