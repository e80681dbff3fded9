import { createHarness, type Harness } from "./harness";

let h: Harness;
const machines = "/v1/apps/shop/machines";

beforeEach(async () => {
  h = createHarness({ limits: "fly" });
  await h.app("shop");
});

const statuses = async (count: number, call: () => Promise<{ status: number }>) => {
  const seen: number[] = [];
  for (let i = 0; i < count; i++) seen.push((await call()).status);
  return seen;
};

it("lets three creates in one app pass at once, then one a second", async () => {
  const create = () => h.call("POST", machines, { config: { image: "nginx" } });
  expect(await statuses(4, create)).toEqual([200, 200, 200, 429]);
  const { headers, body } = await create();
  expect(headers.get("retry-after")).toBe("1");
  expect(body.error).toBe("rate limit exceeded");
  await h.sandbox.control.advance(1000);
  expect(await statuses(2, create)).toEqual([200, 429]);
});

it("counts lists with the other actions of an app, each action by itself", async () => {
  expect(await statuses(4, () => h.call("GET", machines))).toEqual([200, 200, 200, 429]);
  expect((await h.call("GET", "/v1/apps/shop/secrets")).status).toBe(200);
  expect((await h.call("GET", "/v1/apps/shop/volumes")).status).toBe(200);
});

it("lets a machine be read five times a second, ten at once", async () => {
  const { id } = (await h.call("POST", machines, { config: { image: "nginx" } })).body;
  const read = () => h.call("GET", `${machines}/${id}`);
  expect((await statuses(11, read)).indexOf(429)).toBe(10);
  await h.sandbox.control.advance(1000);
  expect((await statuses(6, read)).indexOf(429)).toBe(5);
});

it("does not count one machine's calls against another's", async () => {
  const [one, two] = [
    (await h.call("POST", machines, { config: { image: "nginx" } })).body.id,
    (await h.call("POST", machines, { config: { image: "nginx" } })).body.id,
  ];
  expect(await statuses(4, () => h.call("POST", `${machines}/${one}/cordon`))).toEqual([200, 200, 200, 429]);
  expect((await h.call("POST", `${machines}/${two}/cordon`)).status).toBe(200);
  expect((await h.call("POST", `${machines}/${one}/uncordon`)).status).toBe(200);
});

it("lets a hundred apps be deleted in a minute", async () => {
  for (let i = 0; i < 101; i++) await h.app(`app-${i}`);
  const seen: number[] = [];
  for (let i = 0; i < 101; i++) seen.push((await h.call("DELETE", `/v1/apps/app-${i}`)).status);
  expect(seen.indexOf(429)).toBe(100);
});
