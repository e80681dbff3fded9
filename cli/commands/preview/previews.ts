/** What the commands about previews have in common. */
import { Failure } from "../../../ops/failure";
import type { LivePreview } from "../../../ops/preview/orphan";
import type { PreviewPattern } from "../../../ops/preview/pattern";
import type { Option } from "../../define-command";
import type { Io } from "../../io";
import type { Tools } from "../../tools";

export const repositoryOption = {
  type: "string",
  doc: "Repository of the pull requests (default: GITHUB_REPOSITORY).",
  placeholder: "owner/name",
} as const satisfies Option;

export const commentOption = {
  type: "boolean",
  doc: "Keep the one comment on the pull request current.",
} as const satisfies Option;

export interface Previews {
  readonly previews: readonly LivePreview[];
  readonly pattern: PreviewPattern;
  readonly fly: import("../../../api/fly").Fly;
}

/** The repository that is meant; undefined: none is known. */
export const repositoryFrom = (given: string | undefined, { env }: Tools): string | undefined =>
  given ?? (env.GITHUB_REPOSITORY || undefined);

/** The same, where there has to be one. @throws Failure */
export function knownRepository(given: string | undefined, tools: Tools): string {
  const {
    repositoryOf,
  }: typeof import("../../../ops/preview/pull-request") = require("../../../ops/preview/pull-request");
  const repository = repositoryFrom(given, tools);
  if (repository !== undefined && repositoryOf(repository)) return repository;
  throw new Failure(
    "It is not known which repository the pull requests are of. Nothing was changed. Name it: --repository owner/name [infra/repository]",
  );
}

/** Every preview there is; with a repository, also what became of its pull request: one list of GitHub's for all. */
export async function readPreviews(given: string | undefined, tools: Tools, io: Io): Promise<Previews> {
  const { previewPattern }: typeof import("../../../ops/preview/pattern") = require("../../../ops/preview/pattern");
  const { livePreviews }: typeof import("../../../ops/preview/orphan") = require("../../../ops/preview/orphan");
  const {
    openPullRequests,
    repositoryOf,
  }: typeof import("../../../ops/preview/pull-request") = require("../../../ops/preview/pull-request");
  const { openReader }: typeof import("../../../ops/github/connect") = require("../../../ops/github/connect");
  const { flyFrom }: typeof import("../../../ops/fly") = require("../../../ops/fly");
  const { env, interruption } = tools;
  const repository = repositoryFrom(given, tools);
  if (repository !== undefined) repositoryOf(repository);
  const { fly } = flyFrom(env);
  const github = repository === undefined ? undefined : openReader({ env, signal: interruption.soft });
  io.progress("Reading the configuration");
  const pattern = await previewPattern(tools);
  io.progress(`Listing organization ${pattern.organization}`);
  const asked = github && repository !== undefined ? () => openPullRequests(github, repository) : undefined;
  const previews = await livePreviews(fly, pattern, asked, tools.now());
  io.progress("");
  return { previews, pattern, fly };
}

/** Says in the comments of pull requests that their previews are gone; for `--comment`. @throws Failure without a token */
export function tellerOf(repository: string, { env, interruption }: Tools) {
  const { tellRemoved }: typeof import("../../../ops/preview/comment") = require("../../../ops/preview/comment");
  const { openGithub }: typeof import("../../../ops/github/connect") = require("../../../ops/github/connect");
  const github = openGithub({ env, signal: interruption.soft });
  return (number: number, reason: string) => tellRemoved({ github, repository, number }, reason);
}

/** One line for each. */
export function tableOf(previews: readonly LivePreview[], io: Io): string {
  const { table }: typeof import("../../../report/table") = require("../../../report/table");
  const { harmless }: typeof import("../../../report/harmless") = require("../../../report/harmless");
  const minute = (time: string | undefined) => time?.slice(0, 16).replace("T", " ") ?? "-";
  const rows = previews.map(({ number, app, machines, owner = "-", expires, pullRequest, orphan = "" }) => ({
    cells: [String(number), app, String(machines), harmless(owner), minute(expires), pullRequest, orphan],
    ...(orphan && { format: "yellow" as const }),
  }));
  const head = ["Number", "App", "Machines", "Owner", "Until (UTC)", "Pull request", "Orphan"];
  return table(head, rows, io.paint.out);
}
