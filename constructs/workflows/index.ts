import type { Configuration } from "../../config";
import { aiConfig } from "./ai-config";
import { backup } from "./backup";
import { chaos } from "./chaos";
import { ci } from "./ci";
import { costMonitoring } from "./cost-monitoring";
import { danger } from "./danger";
import { deployProduction } from "./deploy-production";
import { deployStaging } from "./deploy-staging";
import { docsPolicy } from "./docs-policy";
import { driftSweep } from "./drift-sweep";
import { gitleaks } from "./gitleaks";
import { healthCheck } from "./health-check";
import { infraApply } from "./infra-apply";
import { infraReview } from "./infra-review";
import { migrationTest } from "./migration-test";
import { renderWorkflow } from "./model/render";
import type { Workflow } from "./model/workflow";
import { previewCleanup } from "./preview-cleanup";
import { previewDeploy } from "./preview-deploy";
import { release } from "./release";
import { restoreDrill } from "./restore-drill";
import { rollbackProduction } from "./rollback-production";
import { rollbackStaging } from "./rollback-staging";
import { workflowSmoke } from "./workflow-smoke";

/** A workflow file as it is to stand in the managed repository. */
export interface WorkflowFile {
  /** Below the repository's root: ".github/workflows/ci.yml". */
  readonly path: string;
  readonly text: string;
  readonly workflow: Workflow;
}

/** Every workflow, one line each; the files stand beside this one. Undefined: the configuration has no use for it. */
const all: readonly ((config: Configuration) => Workflow | undefined)[] = [
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
  driftSweep,
  infraReview,
  infraApply,
  backup,
  restoreDrill,
  deployStaging,
  rollbackStaging,
  deployProduction,
  rollbackProduction,
  previewDeploy,
  previewCleanup,
  chaos,
];

/** Every workflow file of the managed repository. */
export const workflowFiles = (config: Configuration): readonly WorkflowFile[] =>
  all.flatMap((make) => {
    const workflow = make(config);
    if (!workflow) return [];
    const path = `.github/workflows/${workflow.file}`;
    return [{ path, text: renderWorkflow(workflow, config.delivery.runner), workflow }];
  });
