/** An app with one of everything that the provider manages: its configuration, what of it is on Fly, and what the state says. */
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { type Configuration, openWorkshop, type Plan, type Run, ref, type Workshop } from "./workshop";

const app = ref("fly_app.shop.name");

/** The configuration; its one secret comes from env var TEST_API_KEY. */
export function wholeApp({ image = "registry.fly.io/shop:1", region = "lhr" } = {}): Configuration {
  const web = {
    app,
    group: "web",
    image,
    machines: { [region]: { count: 2 } },
    mount: { name: "data", path: "/data" },
    // With a check nothing has to stay up for seconds to count as healthy.
    services: [{ internal_port: 3000, ports: [{ port: 443, handlers: ["tls", "http"] }], checks: [{ type: "tcp" }] }],
    secrets_version: ref("fly_secrets.all.version"),
    wait_timeout: "10s",
  };
  const inventory = {
    app,
    addresses: [ref("fly_ip_address.v6.address")],
    certificates: ["shop.example.org"],
    groups: ["web"],
    secrets: ["API_KEY"],
    volumes: ["data", ref("fly_volume.spare.id")],
    depends_on: ["fly_process_group.web", "fly_certificate.shop", "fly_secrets.all"],
  };
  return {
    resource: {
      fly_app: { shop: { name: "shop" } },
      fly_secrets: { all: { app, sources: { API_KEY: { env: ["TEST_API_KEY"] } } } },
      fly_process_group: { web },
      fly_volume: { spare: { app, name: "spare", region: "lhr" } },
      fly_ip_address: { v6: { app, type: "v6" } },
      fly_certificate: { shop: { app, hostname: "shop.example.org" } },
      fly_app_inventory: { shop: inventory },
    },
  };
}

/** What the sandbox holds once everything is applied; see {@link reality}. */
const everything = [
  "address v6",
  "app shop",
  "certificate shop.example.org",
  "machine web",
  "machine web",
  "secret API_KEY",
  "volume data",
  "volume data",
  "volume spare",
];

/** What the sandbox holds for the organization, sorted, one entry per object. */
function reality({ sandbox }: Workshop): readonly string[] {
  const apps = [...sandbox.control.state().apps.values()].filter(({ org }) => org === "hotdash");
  return apps
    .flatMap((one) => [
      `app ${one.name}`,
      ...[...one.machines.values()]
        .filter(({ state }) => state !== "destroyed" && state !== "destroying")
        .map(({ config }) => `machine ${config.metadata?.fly_process_group}`),
      ...[...one.volumes.values()].filter(({ state }) => state === "created").map(({ name }) => `volume ${name}`),
      ...[...one.secrets.keys()].map((name) => `secret ${name}`),
      ...[...one.addresses.values()].map(({ type }) => `address ${type}`),
      ...[...one.certificates.keys()].map((hostname) => `certificate ${hostname}`),
    ])
    .sort();
}

/** What of {@link reality} a resource stands for. */
const standsFor: Readonly<Record<string, readonly string[]>> = {
  "fly_app.shop": ["app shop"],
  "fly_secrets.all": ["secret API_KEY"],
  "fly_process_group.web": ["machine web", "volume data"],
  "fly_volume.spare": ["volume spare"],
  "fly_ip_address.v6": ["address v6"],
  "fly_certificate.shop": ["certificate shop.example.org"],
};

/** Where state and reality disagree, in words; empty: nowhere. */
function disagreements(workshop: Workshop): readonly string[] {
  const there = reality(workshop);
  const known = statedAddresses(workshop);
  const stated = known.flatMap((address) => standsFor[address] ?? []);
  return [
    ...stated.filter((object) => !there.includes(object)).map((object) => `${object} is in the state only`),
    ...[...new Set(there)].filter((object) => !stated.includes(object)).map((object) => `${object} is on Fly only`),
  ];
}

function statedAddresses({ folder }: Workshop): readonly string[] {
  const path = join(folder, "terraform.tfstate");
  if (!existsSync(path)) return [];
  const { resources = [] }: { resources?: readonly { type: string; name: string; instances: readonly unknown[] }[] } =
    JSON.parse(readFileSync(path, "utf8"));
  return resources.filter(({ instances }) => instances.length > 0).map(({ type, name }) => `${type}.${name}`);
}

/** What came of an apply that met trouble, and of the next one. */
export interface Course {
  readonly first: Run;
  /** After the first apply. */
  readonly disagreements: readonly string[];
  readonly second: Run;
  readonly plan: Plan;
  /** After the second. */
  readonly reality: readonly string[];
}

/**
 * Applies the whole app on a sandbox of its own while something is wrong, then once more when it no longer is.
 *
 * @param before applied first, without trouble
 */
export async function applyTwice({
  before,
  configuration = wholeApp(),
  hosted = false,
  trouble,
  relief,
}: {
  readonly before?: Configuration;
  readonly configuration?: Configuration;
  /** See `Workshop.host`; else only what follows the trouble is. */
  readonly hosted?: boolean;
  trouble(workshop: Workshop): unknown;
  readonly relief?: (workshop: Workshop) => unknown;
}): Promise<Course> {
  const workshop = await openWorkshop();
  try {
    workshop.env.TEST_API_KEY = "the key";
    if (hosted) await workshop.host();
    if (before) {
      workshop.write(before);
      await workshop.apply();
    }
    workshop.write(configuration);
    await trouble(workshop);
    const first = await apply(workshop);
    const left = disagreements(workshop);
    workshop.sandbox.control.setFaults([]);
    await relief?.(workshop);
    await workshop.host();
    const second = await apply(workshop);
    const plan = await workshop.plan();
    return { first, disagreements: left, second, plan, reality: reality(workshop) };
  } finally {
    await workshop.close();
  }
}

/** The second apply has finished, and nothing is missing, left over or twice there. */
export function expectFinished({ second, plan, reality }: Course): void {
  expect({ code: second.code, text: second.text }).toEqual({ code: 0, text: second.text });
  expect({ code: plan.code, text: plan.text }).toEqual({ code: 0, text: plan.text });
  expect(reality).toEqual(everything);
}

/** An error for a person: it has the id and the next step, and neither a stack nor words about the provider's insides. */
export function expectClearError(text: string, { id, next }: { readonly id: string; readonly next: RegExp }): void {
  const told = unwrapped(text);
  expect(told).toContain(`[${id}]`);
  expect(told).toMatch(next);
  expect(told).not.toMatch(/^ *at .+:\d+:\d+\)?$|\bundefined\b|NaN|\[object|inconsistent|Plugin error|please report/im);
}

/** The text of all errors in one line each; Terraform breaks lines at 78 characters and quotes the configuration. */
function unwrapped(text: string): string {
  return text.replace(/^ +\d+: \{.*$/gm, "").replace(/(\S)\n(?=\S)/g, "$1 ");
}

function apply(workshop: Workshop): Promise<Run> {
  return workshop.terraform("apply", "-no-color", "-input=false", "-auto-approve");
}
