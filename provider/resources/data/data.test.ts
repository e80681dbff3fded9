import { createStage } from "../../../test/clients/stage";

async function stageWithApp() {
  const stage = createStage();
  await stage.fly.apps.create({ name: "shop", org_slug: "hotdash", idempotency_key: "k" });
  return stage;
}

test("an app tells its organization, network and host name", async () => {
  const stage = await stageWithApp();
  expect(await stage.data("fly_app", { name: "shop" })).toEqual({
    id: "shop",
    name: "shop",
    organization: "hotdash",
    network: "",
    hostname: "shop.fly.dev",
    status: "pending",
  });
  await expect(stage.data("fly_app", { name: "nope" })).rejects.toThrow("[fly/no-app]");
});

test("machines tell what moves by itself, of the whole app or of one group", async () => {
  const stage = await stageWithApp();
  for (const group of ["web", "worker"]) {
    const metadata = { fly_process_group: group };
    await stage.fly.machines.create("shop", { region: "lhr", config: { image: "nginx", metadata } });
  }
  const { machines } = await stage.data("fly_machines", { app: "shop", group: "web" });
  expect(machines).toEqual([
    expect.objectContaining({
      group: "web",
      region: "lhr",
      image: "nginx",
      image_digest: expect.stringMatching(/^sha256:/),
    }),
  ]);
  expect((await stage.data("fly_machines", { app: "shop" })).machines).toHaveLength(2);
  await expect(stage.data("fly_machines", { app: "nope" })).rejects.toThrow("[fly/no-app]");
});

test("regions are ordered by code", async () => {
  const { regions } = await createStage().data("fly_regions", {});
  expect(regions).toContainEqual(expect.objectContaining({ code: "lhr", deprecated: false }));
});

test("an organization tells its name, one that cannot be seen is an error", async () => {
  const stage = createStage();
  expect(await stage.data("fly_organization", { slug: "hotdash" })).toMatchObject({ slug: "hotdash", name: "HotDash" });
  await expect(stage.data("fly_organization", { slug: "nope" })).rejects.toThrow("[fly/no-organization]");
});
