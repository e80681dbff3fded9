import type { DeliveryShape } from "../../../config/delivery-shape";
import { hashFiles, text } from "../model/expression";
import { run } from "../model/script";
import { type Step, use } from "../model/step";

type Tools = Pick<DeliveryShape, "tools">;

/**
 * Node and the dependencies of the lock file. With `cache`, npm's downloads are kept between runs, by the hash of the lock file; a release or
 * a production deployment restores no cache (W11).
 */
export function node({ tools }: Tools, { cache = true }: { readonly cache?: boolean } = {}): readonly Step[] {
  return [
    use("Set up Node", "actions/setup-node", { "node-version": tools.node, "package-manager-cache": false }),
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

/** flyctl of one version. */
export const flyctl = ({ tools }: Tools): Step =>
  use("Set up flyctl", "superfly/flyctl-actions/setup-flyctl", { version: tools.flyctl });

/** Terraform of one version, without a wrapper around it: exit codes stay its own. */
export const terraform = ({ tools }: Tools): Step =>
  use("Set up Terraform", "hashicorp/setup-terraform", {
    terraform_version: tools.terraform,
    terraform_wrapper: false,
  });
