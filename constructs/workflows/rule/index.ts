import type { Configuration } from "../../../config";
import { type Problem, renderPath } from "../../../config/problem";
import { actionRules } from "./action-rule";
import { flowRules } from "./flow-rule";
import { jobRules } from "./job-rule";
import { type ParsedWorkflow, parseWorkflow } from "./parsed-workflow";
import type { Rule } from "./rule";
import { trustRules } from "./trust-rule";

/** Every own rule; README.md says which of W01 to W22 a type or a tool holds instead. */
const rules: readonly Rule[] = [...actionRules, ...jobRules, ...trustRules, ...flowRules];

/**
 * Everything that is wrong with workflow files, whoever wrote them, as far as it is known without GitHub. Called at synth and by `infra check`.
 *
 * @param files every managed workflow, with its path below the repository's root
 */
export function workflowProblems(
  files: readonly { readonly path: string; readonly text: string }[],
  config: Pick<Configuration, "repository" | "delivery">,
): Problem[] {
  const problems: Problem[] = [];
  const all: ParsedWorkflow[] = [];
  for (const { path, text } of files) {
    const file = path.slice(path.lastIndexOf("/") + 1);
    const parsed = parseWorkflow(file, text);
    if ("file" in parsed) all.push(parsed);
    else problems.push(...parsed.map((one) => problem(file, "workflow/unreadable", one.path, one.text)));
  }
  for (const file of all) {
    for (const rule of rules) {
      rule.check(file, (id, path, text) => problems.push(problem(file.file, id, path, text)), { config, all });
    }
  }
  return problems;
}

const problem = (file: string, id: string, path: readonly (string | number)[], text: string): Problem => ({
  where: `workflow ${file}`,
  path: renderPath(path),
  text,
  id,
});
