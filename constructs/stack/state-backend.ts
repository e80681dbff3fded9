import {
  CloudBackend,
  NamedCloudWorkspace,
  TerraformBackend,
  type TerraformRemoteState,
  type TerraformStack,
} from "cdktf";
import type { State } from "../../config/schema";

/** Makes the stack keep its state where `state` says, under a key of its own. */
export function keepState(stack: TerraformStack, state: State): void {
  const name = stack.node.id;
  switch (state.backend) {
    case "local":
      // Beside cdktf.out, as cdktf itself does; relative to the stack directory, so that a checkout that moves keeps its state.
      new PlainBackend(stack, "local", { path: `../../../terraform.${name}.tfstate` });
      return;
    case "pg":
      new PlainBackend(stack, "pg", { schema_name: `${state.schemaPrefix}_${name.replaceAll("-", "_")}` });
      return;
    case "s3":
      new PlainBackend(stack, "s3", s3({ ...state, key: `${state.keyPrefix}/${name}.tfstate` }));
      return;
    case "hcp":
      new CloudBackend(stack, {
        organization: state.organization,
        workspaces: new NamedCloudWorkspace(`${state.workspacePrefix}-${name}`),
      });
  }
}

function s3({ bucket, region, key, endpoint }: Extract<State, { backend: "s3" }> & { readonly key: string }) {
  const own = { bucket, region, key, encrypt: true, use_lockfile: true };
  if (endpoint === undefined) return own;
  return {
    ...own,
    endpoints: { s3: endpoint },
    use_path_style: true,
    skip_s3_checksum: true,
    skip_credentials_validation: true,
    skip_metadata_api_check: true,
    skip_region_validation: true,
    skip_requesting_account_id: true,
  };
}

/** A backend as Terraform spells it; CDKTF's own classes ask for credentials (pg) or lack the lock file (s3). */
class PlainBackend extends TerraformBackend {
  constructor(
    stack: TerraformStack,
    name: string,
    private readonly config: Readonly<Record<string, unknown>>,
  ) {
    super(stack, "backend", name);
  }

  protected override synthesizeAttributes() {
    return { ...this.config };
  }

  override getRemoteStateDataSource(): TerraformRemoteState {
    throw new Error(
      "Stacks do not read each other's state; hand the value over as a Terraform variable. [fly/cross-stack]",
    );
  }
}
