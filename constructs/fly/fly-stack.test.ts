import { App, TerraformStack, Testing } from "cdktf";
import type { State } from "../../config/schema";
import { FlyStack } from "./fly-stack";

interface Synthesized {
  readonly provider: { readonly fly: readonly object[] };
  readonly terraform: { readonly backend?: object; readonly cloud?: object };
}

function synthesized(state?: State, name = "preview-7"): Synthesized {
  const app = new App({ outdir: Testing.app().outdir });
  return JSON.parse(
    Testing.synth(new FlyStack(app, name, { organization: "acme", ...(state && { state }) })),
  ) as Synthesized;
}

test("tells the provider who owns the apps, the stack's name, and whether state is a local file", () => {
  expect(synthesized().provider.fly).toEqual([{ organization: "acme", stack: "preview-7", local_state: true }]);
  expect(synthesized({ backend: "local", allowLocal: true }).provider.fly).toMatchObject([{ local_state: false }]);
  expect(synthesized({ backend: "pg", schemaPrefix: "infra" }).provider.fly).toMatchObject([{ local_state: false }]);
});

test("keeps local state beside the output folder, by a path that moves with it", () => {
  expect(synthesized(undefined, "shop").terraform.backend).toEqual({
    local: { path: "../../../terraform.shop.tfstate" },
  });
});

test.each<[State, object]>([
  [{ backend: "pg", schemaPrefix: "infra" }, { backend: { pg: { schema_name: "infra_preview_7" } } }],
  [
    { backend: "s3", bucket: "acme", region: "us-east-1", keyPrefix: "infra" },
    {
      backend: {
        s3: { bucket: "acme", region: "us-east-1", key: "infra/preview-7.tfstate", encrypt: true, use_lockfile: true },
      },
    },
  ],
  [
    { backend: "hcp", organization: "acme", workspacePrefix: "infra" },
    { cloud: { organization: "acme", workspaces: { name: "infra-preview-7" } } },
  ],
])("keeps state elsewhere under a key of the stack's own: %j", (state, expected) => {
  expect(synthesized(state).terraform).toMatchObject(expected);
});

test("an S3 store that is not Amazon's is reached at its own address", () => {
  const state: State = { backend: "s3", bucket: "b", region: "auto", keyPrefix: "i", endpoint: "https://s3.example" };
  expect(synthesized(state).terraform.backend).toMatchObject({
    s3: { endpoints: { s3: "https://s3.example" }, use_path_style: true },
  });
});

test("is told apart from other stacks", () => {
  const app = new App({ outdir: Testing.app().outdir });
  expect(FlyStack.isFlyStack(new FlyStack(app, "shop", { organization: "acme" }))).toBe(true);
  expect(FlyStack.isFlyStack(new TerraformStack(app, "plain"))).toBe(false);
});
