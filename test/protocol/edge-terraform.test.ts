import { edgeProvider, Platform } from "./support/edge-provider";
import { openWorkbench, type Workbench } from "./support/terraform";

const platform = new Platform();
let bench: Workbench;

beforeAll(async () => {
  bench = await openWorkbench(edgeProvider(platform).openSession);
});
afterAll(() => bench.close());

const thing = (name: string, attributes: object = {}) => ({
  resource: { edge_thing: { [name]: { name, ...attributes } } },
});

test("creates the least and then has nothing to do", async () => {
  await bench.apply(thing("least"));
  expect(await bench.state("edge_thing.least")).toMatchObject({
    id: "thing-least",
    size_gb: 1,
    twice: 2,
    timeout: "1000ms",
    settings: { level: 3, checks: {} },
    computed: { number: 0.1, set: [1, 2], list: ["b", "a"], object: { size: 0.1, serial: "s-1" } },
    revision: 1,
    divergence: {},
    password: null,
  });
  expect(await bench.plan()).toEqual([]);
});
