import type { Configuration } from "../../config/schema";
import { when } from "./model/expression";
import { job } from "./model/job";
import { run } from "./model/script";
import { step } from "./model/step";
import { type Workflow, workflow } from "./model/workflow";
import { keep } from "./part/artifact";
import { checkout } from "./part/checkout";
import { newestOfPullRequest } from "./part/group";
import { notify } from "./part/notify";
import { ownCode } from "./part/own-code";
import { bareNode, gitleaks as install } from "./part/tool";

/** The whole history is scanned on every push and pull request. A finding is told at once and never tried again. */
export function gitleaks({ delivery }: Configuration): Workflow {
  const scan = step("scan", {
    name: "Scan the whole history",
    run: run`
      found=0
      bash scripts/policy/scan.sh --report gitleaks.sarif || found=$?
      echo "found=$found" >> "$GITHUB_OUTPUT"
      if [ "$found" = 9 ]; then
        echo "::error title=Secret detected::revoke and rotate it before anything else; docs/runbooks/secrets_management.md says how"
      fi
      exit "$found"
    `,
    outputs: ["found"],
  });
  return workflow({
    file: "gitleaks.yml",
    name: "Gitleaks",
    purpose: "Looks for secrets in the whole history.",
    on: { push: {}, pullRequest: {}, mergeGroup: true },
    concurrency: newestOfPullRequest("gitleaks"),
    jobs: [
      job({
        id: "gitleaks",
        name: "Gitleaks",
        permissions: { contents: "read" },
        timeoutMinutes: delivery.ci.maxMinutes,
        steps: [
          checkout({ history: true }),
          bareNode(delivery),
          ...install(delivery),
          scan,
          keep("gitleaks-report", "gitleaks.sarif", delivery.retention.auditDays, { optional: true }),
          notify(delivery, {
            kind: "secret-detected",
            summary: "gitleaks found a secret in the history; revoke and rotate it first",
            if: when`failure() && ${scan.output("found")} == ${"9"} && ${ownCode}`,
          }),
        ],
      }),
    ],
  });
}
