import { createStage, type Stage } from "../../../test/clients/stage";

const config = { app: "shop", hostname: "shop.example.org" };

async function withApp(stack?: string): Promise<Stage> {
  const stage = createStage({ stack });
  await stage.fly.apps.create({ name: "shop", org_slug: "hotdash", idempotency_key: "k" });
  return stage;
}

test("tells what DNS has to say, and does not wait for it", async () => {
  const stage = await withApp();
  const { values } = await stage.apply("fly_certificate", config);
  expect(values.dns_requirements).toMatchObject({ acme_challenge_name: expect.stringContaining("_acme-challenge") });
});

test("is no difference when it becomes active", async () => {
  const stage = await withApp();
  const kept = await stage.apply("fly_certificate", config);
  stage.sandbox.control.tamper({ kind: "certificate-active", ...config });
  expect((await stage.plan("fly_certificate", config, await stage.refresh("fly_certificate", kept))).action).toBe(
    "none",
  );
});

test.each(["https://shop.example.org", "shop", "shop.example.org:443", "a.*.example.org", "shop.example.org/x"])(
  "refuses %j as a host name",
  async (hostname) => {
    await expect(createStage().validate("fly_certificate", { app: "shop", hostname })).rejects.toThrow(
      "[fly/hostname]",
    );
  },
);

test("is read in a listing of the app, however many there are", async () => {
  const stage = await withApp();
  const kept = await stage.apply("fly_certificate", config);
  stage.calls();
  await stage.refresh("fly_certificate", kept);
  expect(stage.calls()).toEqual(["GET /v1/apps/shop/certificates?limit=500"]);
});

test("is found again when the answer was lost", async () => {
  const stage = await withApp();
  stage.sandbox.control.setFaults([{ match: { method: "POST", path: "acme" }, times: 1, effect: { cut: "after" } }]);
  expect((await stage.apply("fly_certificate", config)).values.id).toBe("shop/shop.example.org");
});

test("is not taken from an app of somebody else's", async () => {
  const stage = await withApp("mine");
  await stage.fly.certificates.create("shop", config.hostname);
  expect((await stage.apply("fly_certificate", config)).values.id).toBe("shop/shop.example.org");
  await stage.fly.machines.create("shop", { region: "lhr", config: { image: "nginx" } });
  await expect(stage.apply("fly_certificate", config)).rejects.toThrow("[fly/exists]");
});

test("is the same in capitals", async () => {
  const stage = await withApp();
  const kept = await stage.apply("fly_certificate", config);
  expect((await stage.plan("fly_certificate", { ...config, hostname: "SHOP.example.org" }, kept)).action).toBe("none");
});
