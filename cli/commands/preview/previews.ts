/** What the commands about previews have in common. */
import type { LivePreview } from "../../../ops/preview/orphan";
import type { PreviewPattern } from "../../../ops/preview/pattern";
import type { Io } from "../../io";
import type { Tools } from "../../tools";

export const repositoryOption = {
  type: "string",
  doc: "Repository of the pull requests (default: GITHUB_REPOSITORY).",
  placeholder: "owner/name",
} as const;

export interface Previews {
  readonly previews: readonly LivePreview[];
  readonly pattern: PreviewPattern;
  readonly fly: import("../../../api/fly").Fly;
  /** Whether GitHub was asked about the pull requests. */
  readonly asked: boolean;
}

/** Every preview there is; with a repository, also what became of its pull request. */
export async function readPreviews(given: string | undefined, tools: Tools, io: Io): Promise<Previews> {
  const { previewPattern }: typeof import("../../../ops/preview/pattern") = require("../../../ops/preview/pattern");
  const { livePreviews }: typeof import("../../../ops/preview/orphan") = require("../../../ops/preview/orphan");
  const {
    pullRequestStates,
  }: typeof import("../../../ops/preview/pull-request") = require("../../../ops/preview/pull-request");
  const { flyFrom }: typeof import("../../../ops/fly") = require("../../../ops/fly");
  const { env, interruption } = tools;
  const repository = given ?? (env.GITHUB_REPOSITORY || undefined);
  const { fly } = flyFrom(env);
  const stateOf =
    repository === undefined ? undefined : pullRequestStates(repository, { env, signal: interruption.soft });
  io.progress("Reading the configuration");
  const pattern = await previewPattern(tools);
  io.progress(`Listing organization ${pattern.organization}`);
  const previews = await livePreviews(fly, pattern, stateOf);
  io.progress("");
  return { previews, pattern, fly, asked: stateOf !== undefined };
}

/** One line for each. */
export function tableOf(previews: readonly LivePreview[], io: Io): string {
  const { table }: typeof import("../../../report/table") = require("../../../report/table");
  const rows = previews.map((one) => ({
    cells: [
      String(one.number),
      one.app,
      String(one.machines),
      one.since?.slice(0, 16).replace("T", " ") ?? "-",
      one.pullRequest,
    ],
  }));
  return table(["Number", "App", "Machines", "Since (UTC)", "Pull request"], rows, io.paint.out);
}
