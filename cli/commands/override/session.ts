/** What the override commands begin with: the governed repository, and GitHub with its writes. */
import type { Github } from "../../../api/github";
import type { Governance } from "../../../config/governance-shape";
import type { Notice } from "../../../ops/notify";
import type { Io } from "../../io";
import type { Tools } from "../../tools";

export interface OverrideSession {
  readonly github: Github;
  readonly wanted: Governance;
}

/** @throws Failure when no stack governs a repository, or without a token */
export async function openSession(tools: Tools, stack: readonly string[], io: Io): Promise<OverrideSession> {
  const { chooseStacks, synthesize }: typeof import("../../../ops/project") = require("../../../ops/project");
  const { governedStack }: typeof import("../../../ops/github/governed") = require("../../../ops/github/governed");
  const { openGithub }: typeof import("../../../ops/github/connect") = require("../../../ops/github/connect");
  io.progress("Reading the configuration");
  const { wanted } = governedStack(chooseStacks(await synthesize(tools), stack));
  io.progress("Asking GitHub");
  return { wanted, github: openGithub({ env: tools.env, signal: tools.interruption.soft }) };
}

/** Tells the recipients, and says who was told; false when somebody was to be told and was not. */
export async function tellRecipients(notice: Notice, tools: Tools, io: Io): Promise<boolean> {
  const { notify }: typeof import("../../../ops/notify") = require("../../../ops/notify");
  io.progress("Telling the recipients");
  const { outcome, says } = await notify(notice, tools);
  io.progress("");
  io.say(outcome === "absent" ? `${says} Whoever watches the repository is told of the issue.` : says);
  return outcome !== "failed";
}
