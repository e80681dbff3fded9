import { Failure } from "../../../ops/failure";
import type { ReviewedPull } from "../../../ops/review/pull-request";
import type { Review } from "../../../report/review";
import { defineCommand, shared } from "../../define-command";
import type { Io } from "../../io";
import { type Session, withStacks, wordingFor } from "../../session";
import type { Tools } from "../../tools";

export const review = defineCommand({
  name: "review",
  summary:
    "Plan what a pull request declares with what the base branch trusts, and say what is dangerous in it; change nothing.",
  details:
    "Run it in a checkout of the base branch. The folder of --declared holds what the pull request's program synthesized elsewhere, without any secret: stacks/<name>/cdk.tf.json and files/infra.json of its cdktf.out, and nothing else. It is judged before Terraform sees it: a provider, a data source, a program, a backend, a function that reads files, whatever the base branch does not have, is refused. Only stacks that it changes are planned. A plan that destroys or loses data needs the label approved-destroy, one that is dangerous for production approved-production, each given after the newest commit by somebody who may write and is not the author. GITHUB_TOKEN comments; where INFRA_READ_TOKEN is set, GitHub is read with that one.",
  positionals: {},
  options: {
    declared: { type: "string", doc: "Folder with what the pull request declares.", placeholder: "folder" },
    pullRequest: { type: "number", doc: "Pull request whose labels count.", placeholder: "number" },
    comment: {
      type: "boolean",
      doc: "Keep one comment on the pull request, and the status infra/review at its head.",
    },
    commit: {
      type: "string",
      doc: "Commit that was synthesized (default: the head of the pull request). Another head is refused.",
      placeholder: "sha",
    },
    repository: {
      type: "string",
      doc: "Repository of the pull request (default: the one that a stack governs, else GITHUB_REPOSITORY).",
      placeholder: "owner/name",
    },
    production: {
      type: "string",
      doc: "Stack whose dangers need approved-production (default: production).",
      placeholder: "stack",
    },
    out: {
      type: "string",
      doc: "Also write what was reviewed into this file, for infra apply --reviewed.",
      placeholder: "file",
    },
    json: shared.json,
  },
  exitCodes: {
    0: "nothing would be done",
    1: "an error, a refusal, a stack that could not be planned, or a label that is missing",
    2: "changes, and nothing stands against them",
  },
  examples: [
    "review --declared proposed",
    "review --declared proposed --pull-request 42 --comment --out reviewed.json",
  ],
  async run({ declared, comment, out, production = "production", json, ...place }, tools, io) {
    if (declared === undefined) {
      throw new Failure(
        "Name the folder with what the pull request declares: npx infra review --declared proposed [infra/review-declared]",
      );
    }
    return withStacks(
      [],
      tools,
      io,
      async (session) => {
        const { resolve }: typeof import("node:path") = require("node:path");
        const { reviewProposal }: typeof import("../../../ops/review/review") = require("../../../ops/review/review");
        const { readingEnv }: typeof import("../../../ops/github/connect") = require("../../../ops/github/connect");
        const { reviewExitCode }: typeof import("../../../report/review") = require("../../../report/review");
        const pull = await begin({ ...place, comment }, session, tools);
        try {
          const made = await reviewProposal(
            {
              base: session.stacks,
              declared: resolve(tools.directory, declared),
              commit: pull?.commit ?? place.commit,
              pull: pull?.approvable,
              production,
            },
            { ...session.running, env: readingEnv(tools.env) },
          );
          io.progress("");
          if (out !== undefined) {
            const {
              writeReviewed,
            }: typeof import("../../../ops/reviewed/record") = require("../../../ops/reviewed/record");
            writeReviewed(resolve(tools.directory, out), made.record);
          }
          await pull?.publish(made.review, commentOf(made.review, tools.env));
          print(made.review, json, io);
          return reviewExitCode(made.review);
        } catch (error) {
          // The reason is the first error, also where GitHub does not take the report any more.
          await pull?.abandon().catch(() => {});
          throw error;
        }
      },
      { snapshot: true },
    );
  },
});

interface Place {
  readonly pullRequest: number | undefined;
  readonly repository: string | undefined;
  readonly commit: string | undefined;
  readonly comment: boolean;
}

/** @throws Failure where a comment is to be written and no pull request is named, or it cannot be reviewed */
async function begin(
  { pullRequest: number, repository, commit, comment }: Place,
  { stacks }: Session,
  { env, interruption }: Tools,
): Promise<ReviewedPull | undefined> {
  if (number === undefined && comment) {
    throw new Failure("Name the pull request that is to be commented: --pull-request 42 [infra/review-pull]");
  }
  if (number === undefined) return undefined;
  const {
    beginReview,
  }: typeof import("../../../ops/review/pull-request") = require("../../../ops/review/pull-request");
  const { openGithub }: typeof import("../../../ops/github/connect") = require("../../../ops/github/connect");
  const { repositoryOf }: typeof import("../../../ops/github/governed") = require("../../../ops/github/governed");
  const { owner, name } = repositoryOf(stacks, repository, env);
  const github = openGithub({ env, signal: interruption.soft });
  return beginReview({ github, repository: github.repository(owner, name), number, commit, comment });
}

function commentOf(review: Review, env: NodeJS.ProcessEnv): string {
  const {
    reviewMarkdown,
  }: typeof import("../../../report/review-markdown") = require("../../../report/review-markdown");
  const { longestBody }: typeof import("../../../report/markdown") = require("../../../report/markdown");
  const {
    markerLength,
  }: typeof import("../../../ops/review/pull-request") = require("../../../ops/review/pull-request");
  const { priceSource }: typeof import("../../../ops/cost/declared-cost") = require("../../../ops/cost/declared-cost");
  const { GITHUB_SERVER_URL: server, GITHUB_REPOSITORY: repository, GITHUB_RUN_ID: run } = env;
  return reviewMarkdown(review, {
    limit: longestBody - markerLength,
    prices: `${priceSource.validFrom}, ${priceSource.source}`,
    ...(server && repository && run && { whole: `${server}/${repository}/actions/runs/${run}` }),
  });
}

function print(review: Review, json: boolean, io: Io): void {
  const { verdictOf, reviewExitCode }: typeof import("../../../report/review") = require("../../../report/review");
  const { reviewText }: typeof import("../../../report/review-terminal") = require("../../../report/review-terminal");
  if (!json) {
    io.out(reviewText(review, wordingFor(io)));
    return;
  }
  const verdict = verdictOf(review);
  io.out(
    JSON.stringify({ version: 1, command: "review", exit_code: reviewExitCode(review), verdict, ...review }, null, 2),
  );
}
