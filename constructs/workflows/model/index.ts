/** What a workflow is written with. */
export {
  type Condition,
  context,
  foreign,
  hashFiles,
  input,
  type Secret,
  secret,
  type Text,
  type Trusted,
  text,
  type Untrusted,
  variable,
  when,
} from "./expression";
export { call, type Job, job, type Permissions, write } from "./job";
export { renderWorkflow } from "./render";
export { run, type Script } from "./script";
export { type Step, step, use } from "./step";
export { groupUnlessCalled, type InputDefinition, inputsOf, type Triggers, type Workflow, workflow } from "./workflow";
