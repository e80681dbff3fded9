import { createStage, type Stage } from "../../../test/clients/stage";
import { typeOf } from "./resource";

async function withApp(stack?: string): Promise<Stage> {
  const stage = createStage({ stack });
  await stage.fly.apps.create({ name: "shop", org_slug: "hotdash", idempotency_key: "k" });
  return stage;
}

test.each(["v4", "v6", "shared_v4", "private_v6"])("%s is made, read, imported and released", async (type) => {
  const stage = await withApp();
  const config = { app: "shop", type };
  const kept = await stage.apply("fly_ip_address", config);
  expect((await stage.plan("fly_ip_address", config, await stage.refresh("fly_ip_address", kept))).action).toBe("none");
  const imported = await stage.import("fly_ip_address", `shop/${String(kept.values.address)}`);
  expect((await stage.plan("fly_ip_address", config, imported)).action).toBe("none");
  await stage.destroy("fly_ip_address", kept);
  expect(await stage.fly.addresses.list("shop")).toEqual([]);
});

test.each([
  [{ type: "v5" }, "[fly/choice]"],
  [{ type: "shared_v4", region: "lhr" }, "[fly/address-region]"],
  [{ type: "v6", network: "inner" }, "[fly/address-network]"],
  [{ type: "v4", region: "xyz" }, "[fly/region]"],
])("refuses %j before anything is read", async (wrong, id) => {
  await expect(createStage().validate("fly_ip_address", { app: "shop", ...wrong })).rejects.toThrow(id);
});

test("takes the shared address that an app of its own has, and nobody else's", async () => {
  const stage = await withApp("mine");
  const { ip } = await stage.fly.addresses.allocate("shop", { type: "shared_v4" });
  expect((await stage.apply("fly_ip_address", { app: "shop", type: "shared_v4" })).values.address).toBe(ip);
  await stage.fly.machines.create("shop", { region: "lhr", config: { image: "nginx" } });
  await expect(stage.apply("fly_ip_address", { app: "shop", type: "shared_v4" })).rejects.toThrow("[fly/exists]");
});

test("finds the address that it made when the answer was lost", async () => {
  const stage = await withApp();
  await stage.fly.addresses.allocate("shop", { type: "v6" });
  stage.sandbox.control.setFaults([
    { match: { method: "POST", path: "ip_assign" }, times: 1, effect: { cut: "after" } },
  ]);
  await stage.apply("fly_ip_address", { app: "shop", type: "v6" });
  expect(await stage.fly.addresses.list("shop")).toHaveLength(2);
});

test("tells types apart, which Fly's listing does not", () => {
  expect(typeOf({ ip: "1.2.3.4" })).toBe("v4");
  expect(typeOf({ ip: "1.2.3.4", shared: true })).toBe("shared_v4");
  expect(typeOf({ ip: "2a09:8280:1::1" })).toBe("v6");
  expect(typeOf({ ip: "fdaa:0:1::3" })).toBe("private_v6");
  expect(typeOf({ ip: "1.2.3.4", egress: true })).toBe("egress");
});
