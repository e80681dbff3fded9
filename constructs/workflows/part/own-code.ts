import { type Condition, context, when } from "../model/expression";

/** Whether the event is about code of this repository. A pull request from a fork gets no secrets and a token that only reads. */
export const ownCode: Condition = when`${context("github.event_name")} != ${"pull_request"} || ${context("github.event.pull_request.head.repo.full_name")} == ${context("github.repository")}`;
