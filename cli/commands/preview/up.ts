import { Failure, Interrupted } from "../../../ops/failure";
import type { PreviewedPull } from "../../../ops/preview/pull-request";
import { defineCommand, shared } from "../../define-command";
import { withStacks, wordingFor } from "../../session";
import type { Tools } from "../../tools";
import { commentOption, knownRepository, repositoryFrom, repositoryOption } from "./previews";

export const previewUp = defineCommand({
  name: "preview up",
  summary: "Make or update the preview of a pull request, and wait until it answers.",
  details:
    "The preview is stack preview-<number> of this program. A run that was cut off is finished by the next one. Nothing but the preview is touched, so nobody is asked. Where the repository is known, the pull request has to be open and of the repository itself: a fork's code gets no preview. Owner, expiry and number are written on each machine; Fly has no place for them on an app, an address or a volume, which belong to the app and go with it. A value of production is refused.",
  positionals: { number: { doc: "Number of the pull request." } },
  options: {
    repository: repositoryOption,
    ttl: {
      type: "string",
      doc: "How long it stays after this run: days or hours (default 14d). Then preview sweep removes it.",
      placeholder: "time",
    },
    comment: commentOption,
    address: {
      type: "string",
      doc: "Where it has to answer (default https://<app>.fly.dev/health; on a sandbox: not asked).",
      placeholder: "url",
    },
    json: shared.json,
  },
  exitCodes: { 0: "the preview is there and well" },
  examples: ["preview up 42", "preview up 42 --repository hotdash/hotdash --comment --ttl 3d"],
  async run({ number: text, repository: given, ttl, comment, address, json }, tools, io) {
    const {
      pullRequestNumber,
    }: typeof import("../../../ops/preview/pattern") = require("../../../ops/preview/pattern");
    const {
      instant,
      stayMs,
      usualStay,
    }: typeof import("../../../ops/preview/mark") = require("../../../ops/preview/mark");
    const { flyFrom }: typeof import("../../../ops/fly") = require("../../../ops/fly");
    const { chooseStacks }: typeof import("../../../ops/project") = require("../../../ops/project");
    const number = pullRequestNumber(text);
    const stay = stayMs(ttl ?? usualStay);
    const { fly, local } = flyFrom(tools.env);
    const repository = comment ? knownRepository(given, tools) : repositoryFrom(given, tools);
    const pull = repository === undefined ? undefined : await pullOf(repository, number, tools);
    const owner = pull?.author ?? tools.env.GITHUB_ACTOR ?? "unknown";
    const marked = { owner, expires: instant(tools.now() + stay), repository };
    const env = { ...tools.env, PREVIEW_NUMBER: text };
    const made = await withStacks([], { ...tools, env }, io, async ({ stacks, running }) => {
      const { makePreview }: typeof import("../../../ops/preview/make") = require("../../../ops/preview/make");
      const {
        refuseProductionValues,
      }: typeof import("../../../ops/preview/production-value") = require("../../../ops/preview/production-value");
      const { requireFlyTokens }: typeof import("../../../ops/guard/token") = require("../../../ops/guard/token");
      const [stack] = chooseStacks(stacks, [`preview-${number}`]);
      if (!stack) throw new Error(`preview-${number} was chosen and is not there`);
      refuseProductionValues(
        stack,
        stacks.find(({ name }) => name === "production"),
        tools.env,
      );
      await requireFlyTokens([stack], tools.env);
      return makePreview(stack, running, {
        number,
        fly,
        mark: marked,
        wording: wordingFor(io, "say"),
        addressOf: (url) => address ?? (local ? undefined : `${url}/health`),
      });
    }).catch(async (error: unknown) => {
      if (comment && pull && !(error instanceof Interrupted)) await tellFailed(pull, error);
      throw error;
    });
    const facts = { number, ...made, ...marked, commit: pull?.commit ?? "unknown" };
    const {
      flyPages,
      tell,
      upText,
    }: typeof import("../../../ops/preview/comment") = require("../../../ops/preview/comment");
    const told = comment && pull ? await tell(pull, upText(facts)) : undefined;
    if (json) {
      const result = { version: 1, command: "preview up", ...facts, pages: flyPages(made.app) };
      io.out(JSON.stringify({ ...result, ...(told && { comment: told }) }, null, 2));
    } else io.out(`Preview ${number}: ${made.url} (${made.changed ? "made or updated" : "as declared already"})`);
    return 0;
  },
});

/** @throws Failure when the pull request may have no preview, or without a token */
function pullOf(repository: string, number: number, { env, interruption }: Tools): Promise<PreviewedPull> {
  const {
    previewable,
  }: typeof import("../../../ops/preview/pull-request") = require("../../../ops/preview/pull-request");
  const { openGithub }: typeof import("../../../ops/github/connect") = require("../../../ops/github/connect");
  return previewable(openGithub({ env, signal: interruption.soft }), repository, number);
}

/** The pull request says that the preview failed, too; a comment that cannot be written does not hide why. */
async function tellFailed(pull: PreviewedPull, error: unknown): Promise<void> {
  const { failedText, tell }: typeof import("../../../ops/preview/comment") = require("../../../ops/preview/comment");
  const reason = error instanceof Failure ? error.message : "an error that the run's log names";
  await tell(pull, failedText(pull.number, pull.commit, reason)).catch(() => {});
}
