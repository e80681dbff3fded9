/** Which observations of an audit a plan tells already, so that no difference stands in a report twice. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";
import type { Finding } from "../../report/model";
import type { Stack } from "../project";
import type { Observation } from "./observation";

/** Objects by the address of the Terraform resource that declares them. */
export type ObjectsByAddress = ReadonlyMap<string, string>;

/** What the GitHub resources of a stack declare. */
export function objectsIn({ directory }: Stack): ObjectsByAddress {
  const { resource } = stackJson.parse(JSON.parse(readFileSync(join(directory, "cdk.tf.json"), "utf8")));
  return new Map(
    Object.entries(resource).flatMap(([type, instances]) =>
      Object.entries(instances).flatMap(([id, attributes]) => {
        const object = OBJECTS[type]?.(attributes);
        return object === undefined ? [] : [[`${type}.${id}`, object] as const];
      }),
    ),
  );
}

const stackJson = z.object({
  resource: z.record(z.string(), z.record(z.string(), z.record(z.string(), z.unknown()))).default({}),
});

const OBJECTS: Readonly<Record<string, (attributes: Readonly<Record<string, unknown>>) => string>> = {
  github_repository: () => "repository",
  github_branch_default: () => "repository",
  github_repository_dependabot_security_updates: () => "repository",
  github_repository_ruleset: ({ name }) => `ruleset/${name}`,
  github_branch_protection: ({ pattern }) => `branch_protection/${pattern}`,
  github_repository_environment: ({ environment }) => `environment/${environment}`,
  github_repository_environment_deployment_policy: ({ environment }) => `environment/${environment}`,
  github_actions_repository_permissions: () => "actions/permissions",
  github_workflow_repository_permissions: () => "actions/workflow",
  github_actions_variable: ({ variable_name }) => `variable/${variable_name}`,
  github_issue_labels: () => "label",
};

/** Whether a finding of a plan says the same: of the resource as a whole, or of an attribute of that name. */
export function isTold(observation: Observation, findings: readonly Finding[], objects: ObjectsByAddress): boolean {
  return findings.some(({ kind, address, path }) => {
    if (kind === "follows" || !isOf(observation, objects.get(address))) return false;
    if (path === "" || observation.field === "") return true;
    const last = wordsIn(observation.field).at(-1) ?? "";
    return wordsIn(path).includes(TERRAFORM_WORDS[last] ?? last);
  });
}

/** Labels are one resource, and so are the two halves of what Actions may run. */
function isOf({ object }: Observation, declared: string | undefined): boolean {
  if (declared === "label") return object.startsWith("label/");
  if (declared === "actions/permissions") return object === declared || object === "actions/selected";
  return object === declared;
}

/** What the provider names differently. */
const TERRAFORM_WORDS: Readonly<Record<string, string>> = {
  automated_security_fixes: "enabled",
  default_branch: "branch",
  branches: "branch_pattern",
  tags: "tag_pattern",
  checks: "required_check",
};

/** Attribute names of a path, without indexes and without keys of maps. */
const wordsIn = (path: string): readonly string[] =>
  path
    .replace(/\[[^\]]*\]/g, "")
    .split(".")
    .filter((word) => /^[a-z_]+$/.test(word));
