/** The one setting that the Terraform provider at 6.9.0 cannot make: that GitHub refuses actions which are not pinned by commit. */
import type { ActionsPermissions, Github, GithubReader } from "../../api/github";
import type { Governance } from "../../config/governance-shape";
import type { Finding } from "../../report/model";

/** Address under which reports tell it. */
const address = (wanted: Governance): string => `github:${wanted.owner}/${wanted.name}`;

/** The setting as a pending change; undefined: it is as declared. */
export async function pendingPinning(github: GithubReader, wanted: Governance): Promise<Finding | undefined> {
  const is = (await read(github, wanted)).sha_pinning_required ?? false;
  const was = wanted.actions.permissions.sha_pinning_required;
  if (is === was) return undefined;
  return {
    kind: "pending",
    address: address(wanted),
    path: "actions/permissions sha_pinning_required",
    text: `${is} -> ${was}; infra apply sets it over REST, for the provider cannot`,
    was: is,
    is: was,
  };
}

/** Sets it, and nothing beside it. Returns what was done in words; undefined: it was as declared. */
export async function applyPinning(github: Github, wanted: Governance): Promise<string | undefined> {
  const before = await read(github, wanted);
  const { sha_pinning_required } = wanted.actions.permissions;
  if ((before.sha_pinning_required ?? false) === sha_pinning_required) return undefined;
  await github.repository(wanted.owner, wanted.name).setActionsPermissions({ ...before, sha_pinning_required });
  return `${address(wanted)}: sha_pinning_required is ${sha_pinning_required} now, set over REST`;
}

const read = (github: GithubReader, { owner, name }: Governance): Promise<ActionsPermissions> =>
  github.repository(owner, name).actionsPermissions();
