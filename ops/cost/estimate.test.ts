import { estimate } from "./estimate";

const group = (more: object) => ({
  type: "fly_process_group",
  values: {
    group: "app",
    guest: { cpu_kind: "shared", cpus: 1, memory_mb: 1024 },
    machines: { ord: { count: 1 } },
    primary_region: "ord",
    ...more,
  },
});
const round = ({ floor, expected, ceiling }: { floor: number; expected: number; ceiling: number }) =>
  [floor, expected, ceiling].map((usd) => Math.round(usd * 100) / 100);

test.each([
  {
    what: "production of HotDash",
    more: { guest: { cpu_kind: "shared", cpus: 2, memory_mb: 2048 }, machines: { ord: { min: 2, max: 10 } } },
    is: [28.48, 28.48, 142.4],
  },
  {
    what: "a group as a plan shows it, with what is not set",
    more: { machines: { ord: { count: 1, min: null, max: null } } },
    is: [7.12, 7.12, 7.12],
  },
  {
    what: "staging, which keeps one awake",
    more: { services: [{ autostop: "stop", min_machines_running: 1 }] },
    is: [7.12, 7.12, 7.12],
  },
  {
    what: "a preview that sleeps",
    more: {
      guest: { cpu_kind: "shared", cpus: 1, memory_mb: 512 },
      services: [{ autostop: "stop", min_machines_running: 0 }],
    },
    is: [0, 3.99, 3.99],
  },
  {
    what: "a group that sleeps outside its primary region",
    more: {
      machines: { ord: { count: 1 }, iad: { count: 1 } },
      services: [{ autostop: "suspend", min_machines_running: 1 }],
    },
    is: [7.12, 12.82, 12.82],
  },
  {
    what: "volumes with each machine",
    more: { machines: { ord: { min: 1, max: 2 } }, mount: { size_gb: 10 } },
    is: [8.62, 8.62, 17.24],
  },
  { what: "nothing but the name: the least that Fly has", more: { guest: undefined }, is: [2.43, 2.43, 2.43] },
])("$what costs $is", ({ more, is }) => {
  expect(round(estimate([group(more)]))).toEqual(is);
});

test("volumes and dedicated addresses cost, shared ones and apps do not", () => {
  const found = estimate([
    { type: "fly_volume", values: { name: "data", size_gb: 40 } },
    { type: "fly_ip_address", values: { type: "v4" } },
    { type: "fly_ip_address", values: { type: "shared_v4" } },
    { type: "fly_app", values: { name: "shop" } },
  ]);
  expect(found.items.map(({ what, expected }) => `${what} ${expected}`)).toEqual([
    "volume data: 40 GB 6",
    "dedicated IPv4 address 2",
  ]);
});

test("names what has no known price, and leaves it out of the sum", () => {
  const { expected, unknown } = estimate([group({ machines: { xyz: { count: 3 } } })]);
  expect({ expected, unknown }).toEqual({ expected: 0, unknown: ["group app: shared-1x 1024 MB in xyz"] });
});
