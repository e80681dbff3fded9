import { createHarness } from "./harness";
import { newestRelease, newestReleases } from "./release";

test("releases survive in the state that is saved, and are found newest first and by status", async () => {
  const { sandbox, app, call } = createHarness();
  await app("shop");
  const body = { app_name: "shop", image: "nginx", strategy: "CANARY", definition: { app: "shop" } };
  const { id } = (await call("POST", "/api/v1/releases", body)).body.release;
  await call("POST", "/api/v1/releases", body);
  await call("PATCH", `/api/v1/releases/${id}`, { status: "complete" });
  const row = sandbox.control.state().apps.get("shop");
  if (!row) throw new Error("the app is gone");
  expect(newestRelease(row)?.version).toBe(2);
  expect(newestReleases(row).map(({ version }) => version)).toEqual([2, 1]);
  expect(newestReleases(row, "complete").map(({ version }) => version)).toEqual([1]);
});
