import { configure } from "../../../config";
import { hotDash } from "../../../config/hotdash";
import type { Overrides } from "../../../config/override";
import type { Configuration } from "../../../config/schema";
import { managedFiles } from "../../../constructs/managed/managed-file";
import { workflowFiles } from "../../../constructs/workflows";

/** HotDash's configuration, with these overrides. */
export const hotDashWith = (overrides: Overrides = {}): Configuration => configure(hotDash, overrides);

/** Text of every workflow file that a configuration gives, by name: `files` of a scenario. */
export const generated = (config: Configuration = hotDashWith()): Readonly<Record<string, string>> =>
  Object.fromEntries(workflowFiles(config).map(({ workflow, text }) => [workflow.file, text]));

/** Text of every managed file, by path: `tree` of a scenario whose scripts are to run. */
export const managed = (config: Configuration = hotDashWith()): Readonly<Record<string, string>> =>
  Object.fromEntries(managedFiles(config).map(({ path, text }) => [path, text]));
