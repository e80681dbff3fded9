/** What a run costs: calls of Fly, within Fly's limits. */
import { openWorkshop, ref, type Workshop } from "./workshop";

let workshop: Workshop;
beforeAll(async () => {
  workshop = await openWorkshop({ limits: "fly" });
  workshop.env.SOURCE = "value";
});
afterAll(() => workshop.close());

const names = ["one", "two"];
const per = <T>(make: (app: string, name: string) => Record<string, T>): Record<string, T> =>
  Object.assign({}, ...names.map((name) => make(ref(`fly_app.${name}.name`), name)));

const resource = {
  fly_app: per((_app, name) => ({ [name]: { name: `shop-${name}` } })),
  fly_volume: per((app, name) => ({
    [`${name}_a`]: { app, name: "data", region: "lhr" },
    [`${name}_b`]: { app, name: "data", region: "ams" },
    [`${name}_c`]: { app, name: "data", region: "fra" },
  })),
  fly_ip_address: per((app, name) => ({
    [`${name}_v6`]: { app, type: "v6" },
    [`${name}_v4`]: { app, type: "shared_v4" },
  })),
  fly_certificate: per((app, name) => ({
    [`${name}_a`]: { app, hostname: `a.${name}.example.org` },
    [`${name}_b`]: { app, hostname: `b.${name}.example.org` },
  })),
  fly_secrets: per((app, name) => ({ [name]: { app, sources: { TOKEN: { env: ["SOURCE"] } } } })),
};

test("an apply and the plan after it provoke no 429, and the plan makes one call per app and kind", async () => {
  const { control } = workshop.sandbox;
  const refused = () => control.journal().filter(({ status }) => status === 429);
  workshop.write({ resource });
  await workshop.apply();
  expect(refused()).toEqual([]);
  // Terraform plans, applies and plans again in processes that know nothing of each other; nobody types faster than this.
  await control.advance(1000);
  control.clearJournal();
  expect(await workshop.plan()).toMatchObject({ code: 0 });
  expect(refused()).toEqual([]);
  const calls = control.journal().map(({ method, path }) => `${method} ${path}`);
  expect(calls.filter((call) => !call.startsWith("GET"))).toEqual([]);
  expect([...calls].sort()).toEqual([...new Set(calls)].sort());
  expect(calls).toHaveLength(names.length * 5);
});
