import { FlyError, type FlyReader, type Machine, type Release } from "../../api/fly";
import type { Finding } from "../../report/model";
import { flyOrigins } from "./origin-fly";

const at = (minutes: number) => Date.parse("2026-11-20T12:00:00Z") + minutes * 60_000;
const iso = (minutes: number) => new Date(at(minutes)).toISOString();
const event = (type: string, minutes: number, source = "user") => ({
  id: `${type}${minutes}`,
  type,
  source,
  timestamp: at(minutes),
});

const machine = (id: string, region: string, events: Machine["events"], release?: string): Machine => ({
  id,
  name: id,
  state: "started",
  region,
  instance_id: "01",
  config: { metadata: { fly_process_group: "app", ...(release && { fly_release_version: release }) } },
  events: events ?? [],
});
const release = (version: number, minutes: number, email?: string): Release => ({
  id: `r${version}`,
  version,
  status: "complete",
  created_at: iso(minutes),
  ...(email && { user: { email } }),
});

const asked: string[] = [];
const told = async <T>(what: string, value: T) => {
  asked.push(what);
  return value;
};
const machines = [
  machine("9e6b", "ord", [event("start", 60, "proxy"), event("update", 50), event("launch", 0)], "75"),
  machine("8f00", "lhr", [event("start", 70, "proxy")]),
  machine("7a11", "iad", [event("stop", 90), event("launch", 0)]),
  machine("6b22", "iad", [event("exit", 95, "flyd"), event("update", 1, "flyd")]),
];
const fly = {
  machines: {
    list: () => told("machines", machines),
    events: (_app: string, id: string) => told(`events ${id}`, id === "8f00" ? [event("update", 10)] : []),
  },
  releases: { list: () => told("releases", [release(76, 200, "eve@example.org"), release(75, 40, "ann@example.org")]) },
  secrets: {
    list: () =>
      told("secrets", [
        { name: "LONE", digest: "x", updated_at: iso(5) },
        { name: "SEEN", digest: "y", updated_at: iso(199) },
      ]),
  },
  addresses: { list: () => told("addresses", [{ ip: "1.2.3.4", created_at: iso(7) }, { ip: "5.6.7.8" }]) },
  certificates: { list: () => told("certificates", []) },
  volumes: {
    list: async () => {
      throw new FlyError({
        kind: "unavailable",
        method: "GET",
        path: "/volumes",
        flyMessage: "down",
        ambiguous: false,
      });
    },
  },
} as unknown as FlyReader;

const finding = (part: Partial<Finding>): Finding => ({
  kind: "field",
  address: "fly_process_group.app",
  path: "",
  text: "",
  ...part,
});
const undeclared = (path: string) => finding({ kind: "undeclared", address: "fly_app_inventory.app", path });

const rows: readonly (readonly [
  what: string,
  finding: Finding,
  since: string | null,
  by: string | null,
  source: RegExp,
])[] = [
  [
    "a machine of a release: its user",
    finding({ path: "app-1 (9e6b)", text: "guest.memory_mb is 512" }),
    iso(50),
    "ann@example.org",
    /^newest update of machine 9e6b, release 75$/,
  ],
  [
    "a machine whose event the listing does not show any more: asked once",
    finding({ path: "app-2 (8f00)", text: "env.A is 1" }),
    iso(10),
    null,
    /^newest update of machine 8f00, by an API call; Fly does not say whose$/,
  ],
  [
    "a machine that was stopped by hand",
    finding({ path: "app-3 (7a11)", text: "stopped by a user" }),
    iso(90),
    null,
    /^newest stop/,
  ],
  ["what the platform did", finding({ path: "app-4 (6b22)", text: "env.A is 1" }), iso(1), "Fly", /^newest update/],
  [
    "too few run in a region",
    finding({ path: "region iad", text: "1 of 2 machines run" }),
    iso(90),
    null,
    /machine 7a11/,
  ],
  [
    "what has no event",
    finding({ path: "app-1 (9e6b)", text: "cordoned" }),
    null,
    null,
    /^no event of Fly's tells of it$/,
  ],
  [
    "a machine that is gone",
    finding({ path: "region cdg", kind: "missing", text: "1 machine is missing" }),
    null,
    null,
    /gone/,
  ],
  [
    "a field of all machines: the newest of their events",
    finding({ path: "guest.memory_mb" }),
    iso(50),
    "ann@example.org",
    /9e6b/,
  ],
  ["a secret alone", undeclared("secret/LONE"), iso(5), null, /last write; Fly does not say whose/],
  [
    "a secret and a release a moment later",
    finding({ address: "fly_secrets.app", path: "SEEN", text: "changed outside" }),
    iso(199),
    "eve@example.org",
    /release 76 right after it$/,
  ],
  ["a secret that is gone", finding({ address: "fly_secrets.app", path: "GONE", kind: "missing" }), null, null, /gone/],
  ["an address", undeclared("address/1.2.3.4"), iso(7), null, /when the address was made/],
  ["an address without a time", undeclared("address/5.6.7.8"), null, null, /does not say when/],
  ["a resource that is gone", finding({ address: "fly_app.app", kind: "missing" }), null, null, /keeps no record/],
  ["what Fly did not answer", undeclared("volume/vol_1"), null, null, /^Fly did not say: unavailable$/],
  [
    "a thing without a history",
    finding({ address: "fly_ip_address.v4", path: "region" }),
    null,
    null,
    /keeps no record/,
  ],
];

test.each(rows)("%s", async (_what, one, since, by, source) => {
  expect(await flyOrigins(fly)("shop")(one)).toEqual({ since, by, source: expect.stringMatching(source) });
});

test("a finding about one machine asks for that one alone", async () => {
  asked.length = 0;
  await flyOrigins(fly)("shop")(finding({ path: "app-1 (9e6b)", text: "env.A is 1" }));
  expect(asked).toEqual(["machines", "releases"]);
});
