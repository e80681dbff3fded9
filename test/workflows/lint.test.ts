import type { Overrides } from "../../config/override";
import { generated, hotDashWith } from "./support/generated";
import { ownFindings, toolLayers } from "./support/lint";
import { sample, sampleConfiguration } from "./support/sample";
import { describeWith } from "./support/tool";

/** Overrides of the specification that reach a workflow file. */
const overrides: readonly Overrides[] = [
  { "preview.name_pattern": "fly-preview-pr-{number}" },
  { "production.app": "hotdash-staging" },
  { "ci.max_minutes": 5 },
  { "rollback.max_minutes": 2 },
  { "backup.frequency": "weekly" },
  { "deploy.production.trigger": "manual" },
  { "deploy.production.strategy": "bluegreen" },
  { "deploy.production.strategy": "canary" },
  { "staging.branches": ["main"], "staging.workflow_file": "deploy-staging-flyio.yml" },
  { "staging.min_running": 0 },
  { "protection.mechanism": "classic" },
  { "checks.required": ["Docs Policy", "Danger", "Gitleaks", "AI Config Validation"] },
  { "checks.required": ["lint", "test-unit", "build", "security"], "checks.lint": "reported" },
  { "secrets.runtime_store": "github" },
  { "notifications.transport": "sendgrid", "notifications.channels": ["slack", "pagerduty"] },
  { "ai_config.files": ["ai.json"], "release.approvers": ["octocat"] },
];

describe("own rules", () => {
  test("find nothing in what is generated", () => {
    const config = hotDashWith();
    expect(ownFindings(generated(config), config)).toEqual([]);
  });

  test.each(overrides)("find nothing with %j", (changes) => {
    const config = hotDashWith(changes);
    expect(ownFindings(generated(config), config)).toEqual([]);
  });

  test("find nothing in the sample that the mutations start from", () => {
    expect(ownFindings(sample, sampleConfiguration())).toEqual([]);
  });
});

for (const { layer, needs, find } of toolLayers) {
  describeWith(needs, layer, () => {
    test("finds nothing in what is generated, nor in the sample", async () => {
      expect(await find({ ...generated(), ...sample })).toEqual([]);
    });
  });
}
