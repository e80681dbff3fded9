import type { DeliveryShape } from "../../../config/delivery-shape";
import { context, hashFiles, text } from "../model/expression";
import { run } from "../model/script";
import { type Step, use } from "../model/step";

type Tools = Pick<DeliveryShape, "tools">;

/** Node alone, for scripts that need nothing else. */
export const bareNode = ({ tools }: Tools): Step =>
  use("Set up Node", "actions/setup-node", { "node-version": tools.node, "package-manager-cache": false });

/**
 * Node and the dependencies of the lock file. With `cache`, npm's downloads are kept between runs, by the hash of the lock file; a release or
 * a production deployment restores no cache (W11).
 */
export function node({ tools }: Tools, { cache = true }: { readonly cache?: boolean } = {}): readonly Step[] {
  return [
    bareNode({ tools }),
    ...(cache
      ? [
          use("Restore npm's downloads", "actions/cache", {
            path: "~/.npm",
            key: text`npm-${hashFiles("package-lock.json")}`,
          }),
        ]
      : []),
    { name: "Install dependencies", run: run`npm ci --no-audit --no-fund` },
  ];
}

/** The production build; its failure is told as one, so that nobody takes it for another. */
export const compile = ({ ci }: Pick<DeliveryShape, "ci">): Step => ({
  name: "Build",
  env: { NODE_ENV: "production" },
  run: run`
    if ! npm run ${ci.scripts.build}; then
      echo "::error title=Build failure::the production build failed; its last lines say why"
      exit 1
    fi
  `,
});

/** gitleaks of one version, built by Go, which checks the sources by their checksums; the program is kept between runs. */
export const gitleaks = ({ tools }: Tools): readonly Step[] => [
  use("Restore gitleaks", "actions/cache", {
    path: "~/go/bin/gitleaks",
    key: text`gitleaks-${tools.gitleaks}-${context("runner.os")}`,
  }),
  {
    name: "Set up gitleaks",
    run: run`
      if ! [ -x ~/go/bin/gitleaks ]; then
        GOBIN=~/go/bin go install ${`github.com/zricethezav/gitleaks/v8@v${tools.gitleaks}`}
      fi
      echo ~/go/bin >> "$GITHUB_PATH"
    `,
  },
];

/** flyctl of one version. */
export const flyctl = ({ tools }: Tools): Step =>
  use("Set up flyctl", "superfly/flyctl-actions/setup-flyctl", { version: tools.flyctl });

/** Terraform of one version, without a wrapper around it: exit codes stay its own. */
export const terraform = ({ tools }: Tools): Step =>
  use("Set up Terraform", "hashicorp/setup-terraform", {
    terraform_version: tools.terraform,
    terraform_wrapper: false,
  });
