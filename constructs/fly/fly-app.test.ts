import { App, Fn, TerraformVariable, Testing, Token } from "cdktf";
import { managedOutside, pinned } from "../../config/app-shape";
import { FlyApp, type FlyAppProps } from "./fly-app";
import { FlyStack } from "./fly-stack";

const shop: FlyAppProps = {
  app: "shop",
  regions: ["ord"],
  image: pinned("registry.fly.io/shop:v1"),
  groups: { web: { services: [{ internalPort: 8080 }] } },
};

/** An expression as Terraform's JSON has it. */
const reference = (path: string) => `\${${path}}`;

interface Synthesized {
  readonly resource: Readonly<Record<string, Readonly<Record<string, Readonly<Record<string, unknown>>>>>>;
}

function stackNamed(name = "staging"): FlyStack {
  return new FlyStack(new App({ outdir: Testing.app().outdir }), name, { organization: "acme" });
}

/** The resources of a stack with one FlyApp `web`, by `type.name`, without CDKTF's comments. */
function resources(props: FlyAppProps, stack = stackNamed()): Record<string, Record<string, unknown>> {
  new FlyApp(stack, "web", props);
  const { resource } = JSON.parse(Testing.synth(stack)) as Synthesized;
  return Object.fromEntries(
    Object.entries(resource).flatMap(([type, all]) =>
      Object.entries(all).map(([name, { "//": _, ...rest }]) => [`${type}.${name}`, rest]),
    ),
  );
}

test("a service alone gives an app, both addresses, the group and the inventory, named by the user's words", () => {
  expect(Object.keys(resources(shop)).sort()).toEqual([
    "fly_app.web",
    "fly_app_inventory.web",
    "fly_ip_address.web_shared_v4",
    "fly_ip_address.web_v6",
    "fly_process_group.web_web",
  ]);
});

test("an app without services has no address", () => {
  const found = resources({ ...shop, groups: { worker: {} } });
  expect(Object.keys(found).filter((name) => name.startsWith("fly_ip_address"))).toEqual([]);
  expect(found["fly_process_group.web_worker"]).not.toHaveProperty("depends_on");
});

test("removing the first group, hostname or region renames none of the others", () => {
  const both: FlyAppProps = {
    ...shop,
    regions: ["ord", "iad"],
    groups: { api: { machines: 2 }, web: { machines: 2 } },
    certificates: ["a.example", "b.example"],
  };
  const one: FlyAppProps = { ...both, regions: ["iad"], groups: { web: { machines: 2 } }, certificates: ["b.example"] };
  const [before, after] = [resources(both), resources(one)].map((all) => Object.keys(all));
  expect(before).toEqual(expect.arrayContaining(after ?? []));
});

test("works in order: addresses and secrets, then groups and certificates, and the inventory after everything", () => {
  const found = resources({ ...shop, secrets: { API_KEY: {} }, certificates: ["shop.example"] });
  const addresses = ["fly_ip_address.web_shared_v4", "fly_ip_address.web_v6"];
  expect(found["fly_process_group.web_web"]?.depends_on).toEqual(addresses);
  expect(found["fly_process_group.web_web"]?.secrets_version).toBe(reference("fly_secrets.web.version"));
  expect(found["fly_certificate.web_shop-example"]?.depends_on).toEqual(addresses);
  expect(found["fly_app_inventory.web"]?.depends_on).toEqual([
    "fly_process_group.web_web",
    "fly_certificate.web_shop-example",
    ...addresses,
    "fly_secrets.web",
  ]);
});

test("the inventory knows all that is declared", () => {
  const found = resources({
    ...shop,
    groups: { ...shop.groups, jobs: { mount: { name: "data", path: "/data" } } },
    secrets: { API_KEY: {} },
    secretGroups: ["SHOPIFY_*"],
    certificates: ["shop.example"],
    undeclared: { secret: "remove" },
    ignore: [{ object: "address/1.2.3.4", reason: "moves away", until: "2027-01-31" }],
  });
  expect(found["fly_app_inventory.web"]).toMatchObject({
    groups: ["web", "jobs"],
    secrets: ["API_KEY", "SHOPIFY_*"],
    volumes: ["data"],
    certificates: ["shop.example"],
    addresses: [reference("fly_ip_address.web_shared_v4.address"), reference("fly_ip_address.web_v6.address")],
    policy: { secret: "remove" },
    ignore: [{ object: "address/1.2.3.4", reason: "moves away", until: "2027-01-31" }],
  });
});

test("a permanent app is protected from destruction, a temporary one is not", () => {
  expect(resources(shop)["fly_app.web"]).toMatchObject({ deletion_protection: true });
  expect(resources({ ...shop, lifetime: "temporary" })["fly_app.web"]).toMatchObject({ deletion_protection: false });
});

test("an image is pinned, or managed outside with one to begin with", () => {
  expect(resources(shop)["fly_process_group.web_web"]).toMatchObject({ image: "registry.fly.io/shop:v1" });
  const outside = resources({ ...shop, image: managedOutside({ initial: "registry.fly.io/shop:first" }) });
  expect(outside["fly_process_group.web_web"]).toMatchObject({ initial_image: "registry.fly.io/shop:first" });
  expect(outside["fly_process_group.web_web"]).not.toHaveProperty("image");
});

test("a secret comes from the stack's own variable unless the user says where from", () => {
  const secrets = { API_KEY: {}, OTHER: { file: "../../../vault/other" }, THIRD: { env: ["A", "B"] } };
  expect(resources({ ...shop, secrets }, stackNamed("preview-7"))["fly_secrets.web"]?.sources).toEqual({
    API_KEY: { env: ["PREVIEW_API_KEY"] },
    OTHER: { file: "../../../vault/other" },
    THIRD: { env: ["A", "B"] },
  });
});

test("machines are spread over the regions, and the first is the primary one", () => {
  const group = resources({ ...shop, regions: ["iad", "ord"], groups: { web: { machines: { min: 3, max: 4 } } } });
  expect(group["fly_process_group.web_web"]).toMatchObject({
    machines: { iad: { min: 2, max: 2 }, ord: { min: 1, max: 2 } },
    primary_region: "iad",
  });
});

test("a group without autostop keeps all its machines, one with autostop none unless told", () => {
  const services = (autostop: "off" | "stop") => {
    const group = { machines: 2, services: [{ internalPort: 80, autostop }] };
    return resources({ ...shop, groups: { web: group } })["fly_process_group.web_web"]?.services;
  };
  expect(services("off")).toMatchObject([{ min_machines_running: 2 }]);
  expect(services("stop")).toMatchObject([{ min_machines_running: 0 }]);
});

test("groups without a check change by rolling when the app is blue-green", () => {
  const check = { type: "http", interval: "15s", timeout: "2s" } as const;
  const found = resources({
    ...shop,
    groups: { web: { services: [{ internalPort: 80, checks: [check] }] }, worker: {} },
    deploy: { strategy: "bluegreen" },
  });
  expect(found["fly_process_group.web_web"]).toMatchObject({ strategy: "bluegreen" });
  expect(found["fly_process_group.web_worker"]).toMatchObject({ strategy: "rolling" });
});

test("tcp checks stand before http checks, as flyctl writes them", () => {
  const [http, tcp] = (["http", "tcp"] as const).map((type) => ({ type, interval: "15s", timeout: "2s" }));
  const services = [{ internalPort: 80, checks: [http, tcp].filter((one) => one !== undefined) }];
  expect(resources({ ...shop, groups: { web: { services } } })["fly_process_group.web_web"]).toMatchObject({
    services: [{ checks: [{ type: "tcp" }, { type: "http" }] }],
  });
});

test("takes a Terraform expression for every kind of value", () => {
  const stack = stackNamed();
  const variable = (name: string) => new TerraformVariable(stack, name, {});
  const found = resources(
    {
      ...shop,
      app: variable("name").stringValue,
      image: pinned(Fn.join(":", ["registry.fly.io/shop", variable("tag").stringValue])),
      env: { LOG: variable("log").stringValue },
      groups: {
        web: {
          cpuKind: Token.asAny(reference("var.kind")),
          cpus: variable("cpus").numberValue,
          memoryMb: variable("memory").numberValue,
          machines: { min: variable("min").numberValue, max: variable("max").numberValue },
          services: [
            { internalPort: variable("port").numberValue, autostart: variable("start").booleanValue, ports: [] },
          ],
        },
      },
    },
    stack,
  );
  expect(found["fly_app.web"]).toMatchObject({ name: reference("var.name") });
  expect(found["fly_process_group.web_web"]).toMatchObject({
    image: reference('join(":", ["registry.fly.io/shop", var.tag])'),
    env: { LOG: reference("var.log") },
    guest: { cpu_kind: reference("var.kind"), cpus: reference("var.cpus"), memory_mb: reference("var.memory") },
    machines: { ord: { min: reference("var.min"), max: reference("var.max") } },
    services: [{ internal_port: reference("var.port"), autostart: reference("var.start") }],
  });
});

test("refuses with every problem at once, and names the stack", () => {
  const wrong: FlyAppProps = { ...shop, regions: ["lhrr"], groups: { web: { memoryMb: 500 } } };
  expect(() => resources(wrong)).toThrow(
    [
      "2 problems in stack staging:",
      `  [fly/region] regions[0]: "lhrr" is not a Fly region; did you mean "lhr"?`,
      "  [fly/guest-memory] groups.web.memoryMb: 500 MB is not a whole number of 256 MB steps: 1 shared CPU takes 256 to 2048 MB in steps of 256; use 256 or 512",
    ].join("\n"),
  );
});

test("refuses an expression where its value is needed at synth", () => {
  const expression = Token.asString(reference("var.x"));
  expect(() => resources({ ...shop, regions: [expression] })).toThrow("[fly/expression] regions:");
  expect(() => resources({ ...shop, app: expression, flyToml: "fly.toml" })).toThrow("[fly/expression] flyToml:");
  const machines = Token.asNumber(reference("var.x"));
  expect(() => resources({ ...shop, regions: ["ord", "iad"], groups: { web: { machines } } })).toThrow(
    "[fly/expression] groups.web.machines:",
  );
});

test("two apps live in one stack", () => {
  const stack = stackNamed();
  new FlyApp(stack, "api", { ...shop, app: "shop-api" });
  expect(Object.keys(resources(shop, stack))).toEqual(
    expect.arrayContaining(["fly_app.api", "fly_app.web", "fly_process_group.api_web", "fly_process_group.web_web"]),
  );
});
