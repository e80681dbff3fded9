import { join } from "node:path";
import type { App } from "cdktf";
import { InfraStack } from "../constructs/stack/infra-stack";
import { providerBundle } from "./provider-bundle";
import { completeStackDirectory } from "./stack-directory";
import { writeStackFiles } from "./stack-file";

/**
 * Synthesizes the App and makes every stack directory self-contained, so that `terraform` and `cdktf` work there with nothing but a token.
 *
 * Beside them, `files/` gets what the stacks say to people and to other tools: their files, and `infra.json` with their declarations.
 * TF_PROVIDER_MIRROR, a Terraform filesystem mirror, is linked for providers that are not ours.
 *
 * @throws ConfigurationError, or CDKTF's own errors
 */
export function synthesize(app: App, env: NodeJS.ProcessEnv = process.env): void {
  app.synth();
  const bundle = providerBundle();
  const mirror = env.TF_PROVIDER_MIRROR || undefined;
  const stacks = app.node.children.filter(InfraStack.isInfraStack);
  for (const { workingDirectory } of Object.values(app.manifest.stacks)) {
    completeStackDirectory(join(app.outdir, workingDirectory), { bundle, mirror });
  }
  writeStackFiles(join(app.outdir, "files"), stacks);
}
