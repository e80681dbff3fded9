import { context, firstOf, text } from "../model/expression";
import type { Concurrency } from "../model/job";

/**
 * One run at a time for each pull request: a newer push cancels the run before. Runs of a branch are told apart by commit, so that each
 * commit of the default branch keeps its result.
 */
export const newestOfPullRequest = (name: string): Concurrency => ({
  group: text`${name}-${context("github.ref")}-${firstOf(context("github.event.pull_request.number"), context("github.sha"))}`,
  cancelInProgress: true,
});
