import { createStage } from "../../../test/clients/stage";

const machine = { region: "lhr", config: { image: "nginx", metadata: { infra_stack: "test" } } };

test("takes the provider's organization, and Fly's own network", async () => {
  const stage = createStage();
  const { values } = await stage.apply("fly_app", { name: "shop" });
  expect(values).toEqual({
    id: "shop",
    name: "shop",
    organization: "hotdash",
    network: "",
    hostname: "shop.fly.dev",
    deletion_protection: false,
  });
  expect(
    (await stage.plan("fly_app", { name: "shop", network: "default" }, { values, private: new Uint8Array() })).action,
  ).toBe("none");
});

test.each(["Shop", "-shop", "shop_1", "", "a".repeat(64)])(
  "refuses %j as a name before anything is read",
  async (name) => {
    const stage = createStage();
    await expect(stage.plan("fly_app", { name })).rejects.toThrow("[fly/app-name]");
    expect(stage.calls()).toEqual([]);
  },
);

test("says in the plan that another organization holds the name", async () => {
  const stage = createStage({ token: "fo1_sandbox_other" });
  await stage.fly.apps.create({ name: "shop", org_slug: "other-org", idempotency_key: "k" });
  const ours = createStage();
  await expect(stage.plan("fly_app", { name: "shop", organization: "hotdash" })).rejects.toThrow(
    /organization other-org has an app of that name.*\[fly\/name-taken\]/i,
  );
  expect(ours.calls()).toEqual([]);
});

test("says in the plan that an organization which the token cannot see holds the name", async () => {
  const seed = {
    organizations: [
      { slug: "hotdash", name: "HotDash" },
      { slug: "other-org", name: "Other" },
    ],
    tokens: [{ token: "fo1_sandbox_deploy", kind: "org-deploy" as const, org: "hotdash" }],
    apps: [{ name: "shop", org: "other-org" }],
  };
  const stage = createStage({ seed });
  await expect(stage.plan("fly_app", { name: "shop" })).rejects.toThrow(/403.*request.*\[fly\/name-taken\]/);
});

test("finds an app that an interrupted create left: empty, or with a machine of the same stack", async () => {
  const stage = createStage();
  await stage.fly.apps.create({ name: "shop", org_slug: "hotdash", idempotency_key: "k" });
  await stage.apply("fly_app", { name: "shop" });
  await stage.fly.machines.create("shop", machine);
  expect((await stage.apply("fly_app", { name: "shop" })).values.name).toBe("shop");
});

test("refuses an app with somebody's machines or volumes, in the plan and in the apply", async () => {
  const stage = createStage({ stack: "mine" });
  await stage.fly.apps.create({ name: "shop", org_slug: "hotdash", idempotency_key: "k" });
  await stage.fly.machines.create("shop", machine);
  await expect(stage.plan("fly_app", { name: "shop" })).rejects.toThrow(
    /terraform import fly_app\.<name> 'shop'.*\[fly\/exists\]/,
  );
});

test("refuses an empty app in another private network", async () => {
  const stage = createStage();
  await stage.fly.apps.create({ name: "shop", org_slug: "hotdash", network: "theirs", idempotency_key: "k" });
  await expect(stage.apply("fly_app", { name: "shop" })).rejects.toThrow("[fly/exists]");
});

test("is found again when the answer to its create was lost", async () => {
  const stage = createStage();
  stage.sandbox.control.setFaults([
    { match: { method: "POST", path: "/v1/apps" }, times: 1, effect: { cut: "after" } },
  ]);
  expect((await stage.apply("fly_app", { name: "shop" })).values.name).toBe("shop");
});

test("is destroyed or replaced only when it is not protected", async () => {
  const stage = createStage();
  const kept = await stage.apply("fly_app", { name: "shop", deletion_protection: true });
  await expect(stage.destroy("fly_app", kept)).rejects.toThrow("[fly/app-protected]");
  await expect(stage.plan("fly_app", { name: "shop", network: "n", deletion_protection: false }, kept)).rejects.toThrow(
    "[fly/app-protected]",
  );
  const open = await stage.apply("fly_app", { name: "shop", deletion_protection: false }, kept);
  await stage.destroy("fly_app", open);
  expect(await stage.refresh("fly_app", open)).toBeUndefined();
});

test("is protected after an import until the configuration says otherwise", async () => {
  const stage = createStage();
  await stage.apply("fly_app", { name: "shop" });
  const imported = await stage.import("fly_app", "shop");
  expect(imported?.values.deletion_protection).toBe(true);
  expect((await stage.plan("fly_app", { name: "shop" }, imported)).action).toBe("none");
  expect((await stage.plan("fly_app", { name: "shop", deletion_protection: false }, imported)).changed).toEqual([
    "deletion_protection",
  ]);
});

test("is not destroyed while it has volumes that nobody else destroys", async () => {
  const stage = createStage();
  const kept = await stage.apply("fly_app", { name: "shop" });
  const volume = await stage.fly.volumes.create("shop", { name: "data", region: "lhr", size_gb: 2 });
  await expect(stage.destroy("fly_app", kept)).rejects.toThrow(
    new RegExp(`${volume.id} \\(data, 2 GB, lhr\\).*fly volumes destroy.*\\[fly/app-has-volumes\\]`),
  );
  await stage.fly.volumes.delete("shop", volume.id);
  await stage.destroy("fly_app", kept);
});

test("needs an organization from somewhere", async () => {
  const stage = createStage();
  const { values } = await stage.plan("fly_app", { name: "shop", organization: "hotdash" });
  expect(values.organization).toBe("hotdash");
});

test("under another network is replaced although its name is there", async () => {
  const stage = createStage();
  const kept = await stage.apply("fly_app", { name: "shop" });
  const plan = await stage.plan("fly_app", { name: "shop", network: "inner" }, kept);
  expect(plan).toMatchObject({ action: "replace", changed: ["network"] });
  const replaced = await stage.apply("fly_app", { name: "shop", network: "inner" }, kept);
  expect(replaced.values.network).toBe("inner");
});
