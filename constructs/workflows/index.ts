import type { Configuration } from "../../config";
import { aiConfig } from "./ai-config";
import { ci } from "./ci";
import { costMonitoring } from "./cost-monitoring";
import { danger } from "./danger";
import { docsPolicy } from "./docs-policy";
import { gitleaks } from "./gitleaks";
import { healthCheck } from "./health-check";
import { migrationTest } from "./migration-test";
import { renderWorkflow } from "./model/render";
import type { Workflow } from "./model/workflow";
import { release } from "./release";
import { workflowSmoke } from "./workflow-smoke";

export type { Workflow } from "./model/workflow";

/** A workflow file as it is to stand in the managed repository. */
export interface WorkflowFile {
  /** Below the repository's root: ".github/workflows/ci.yml". */
  readonly path: string;
  readonly text: string;
  readonly workflow: Workflow;
}

/** Every workflow, one line each; the files stand beside this one. */
const all: readonly ((config: Configuration) => Workflow)[] = [
  ci,
  gitleaks,
  docsPolicy,
  danger,
  aiConfig,
  migrationTest,
  release,
  healthCheck,
  workflowSmoke,
  costMonitoring,
];

/** Every workflow file of the managed repository. */
export const workflowFiles = (config: Configuration): readonly WorkflowFile[] =>
  all.map((make) => {
    const workflow = make(config);
    return {
      path: `.github/workflows/${workflow.file}`,
      text: renderWorkflow(workflow, config.delivery.runner),
      workflow,
    };
  });
