import { certificates, volumes } from "./app-parts";
import { apps } from "./apps";
import { scripted } from "./fake";

const app = { id: "a1", name: "shop", status: "pending", organization: { slug: "acme" } };

test("returns a new app when Fly shows it, through 404 and 401", async () => {
  const { caller } = scripted([
    { status: 201, body: { id: "a1", created_at: 1 } },
    { status: 404, body: {} },
    { status: 401, body: {} },
    { status: 200, body: app },
  ]);
  expect(await apps(caller).create({ name: "shop", org_slug: "acme", idempotency_key: "k" })).toEqual(app);
});

test("returns from a delete when Fly no longer knows the app", async () => {
  const { caller, sent } = scripted([
    { status: 202 },
    { status: 200, body: app },
    { status: 200, body: app },
    { status: 404, body: {} },
  ]);
  await apps(caller).delete("shop");
  expect(sent).toHaveLength(4);
});

test("says so when a deleted app does not go", async () => {
  const { caller } = scripted([{ status: 202 }, { status: 200, body: app }]);
  await expect(apps(caller).delete("shop")).rejects.toMatchObject({ kind: "timeout" });
});

test("encodes the star of a wildcard certificate", async () => {
  const { caller, sent } = scripted([{ status: 404, body: {} }]);
  await certificates(caller).find("shop", "*.example.org");
  expect(sent[0]?.url).toBe("https://machines.test/v1/apps/shop/certificates/%2A.example.org");
});

test("finds a volume by its id, and none where there is none", async () => {
  const volume = { id: "vol_1", name: "data", region: "lhr", size_gb: 1, state: "created" };
  const { caller } = scripted([
    { status: 200, body: volume },
    { status: 404, body: {} },
  ]);
  expect(await volumes(caller).find("shop", "vol_1")).toEqual(volume);
  expect(await volumes(caller).find("shop", "vol_2")).toBeUndefined();
});
