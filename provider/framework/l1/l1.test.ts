// biome-ignore-all lint/suspicious/noTemplateCurlyInString: these are expressions of Terraform.
import { Fn, TerraformOutput, TerraformStack, TerraformVariable, Testing, Token } from "cdktf";
import { bool, list, map, number, object, objectList, objectMap, set, string } from "../attribute";
import { l1, l1Data, providerConstruct } from ".";

const port = { port: number("required", { doc: "Port." }), force_https: bool("optional", { doc: "Redirect." }) };
const attributes = {
  id: string("computed", { doc: "Id." }),
  app: string("required", { doc: "App." }),
  memory_mb: number("optional+computed", {
    doc: "Memory.",
    default: 256,
    check: (mb) => (mb % 256 === 0 ? undefined : `${mb} is not a multiple of 256; use ${Math.ceil(mb / 256) * 256}`),
  }),
  regions: set("optional", "string", { doc: "Regions." }),
  sizes: list("optional", "number", { doc: "Sizes." }),
  flags: list("computed", "bool", { doc: "Flags." }),
  env: map("optional", "string", { doc: "Env." }),
  protect_it: bool("optional", { doc: "Protection." }),
  guest: object(
    "optional",
    { cpu_kind: string("optional", { doc: "Kind." }), cpus: number("computed", { doc: "CPUs." }) },
    { doc: "Guest." },
  ),
  services: objectList("optional", { ports: objectList("required", port, { doc: "Ports." }) }, { doc: "Services." }),
  checks: objectMap("optional", { grace_period: string("optional", { doc: "Grace." }) }, { doc: "Checks." }),
  pass_word: string("optional", { doc: "Secret.", sensitive: true }),
  token: string("optional", { doc: "Secret.", writeOnly: true }),
};
const Thing = l1({ type: "edge_thing", attributes });
const Lookup = l1Data({
  type: "edge_lookup",
  attributes: { name: string("required", { doc: "Name." }), found_at: string("computed", { doc: "Where." }) },
});
const Edge = providerConstruct({
  name: "edge",
  version: "1.2.3",
  source: "test/edge",
  attributes: { local_state: bool("optional", { doc: "Local." }) },
});

function synth(build: (stack: TerraformStack) => void) {
  const stack = new TerraformStack(Testing.app(), "staging");
  build(stack);
  return JSON.parse(Testing.synth(stack));
}

test("renders given props in snake_case, keys of maps as they are, and leaves out the others", () => {
  const { resource } = synth((stack) => {
    new Thing(stack, "web", {
      app: "shop",
      memoryMb: 512,
      env: { LOG_LEVEL: "info", camelCase: "kept" },
      guest: { cpuKind: "shared" },
      services: [{ ports: [{ port: 80, forceHttps: true }] }],
      checks: { alive_check: { gracePeriod: "5s" } },
      regions: undefined,
    });
  });
  const { "//": _, ...rendered } = resource.edge_thing.web;
  expect(rendered).toEqual({
    app: "shop",
    memory_mb: 512,
    env: { LOG_LEVEL: "info", camelCase: "kept" },
    guest: { cpu_kind: "shared" },
    services: [{ ports: [{ port: 80, force_https: true }] }],
    checks: { alive_check: { grace_period: "5s" } },
  });
});

test("refers to every attribute as Terraform writes it", () => {
  const { output } = synth((stack) => {
    const thing = new Thing(stack, "web", { app: "shop" });
    const values = [
      thing.id,
      thing.memoryMb,
      thing.regions,
      thing.sizes,
      thing.flags,
      thing.env,
      thing.protectIt,
      thing.guest,
      thing.guest.cpus,
      `${thing.guest}`,
      thing.services,
      Fn.lookup(thing.env, "A", "b"),
    ];
    new TerraformOutput(stack, "all", { value: values });
  });
  expect(output.all.value).toEqual([
    "${edge_thing.web.id}",
    "${edge_thing.web.memory_mb}",
    "${tolist(edge_thing.web.regions)}",
    "${edge_thing.web.sizes}",
    "${edge_thing.web.flags}",
    "${edge_thing.web.env}",
    "${edge_thing.web.protect_it}",
    "${edge_thing.web.guest}",
    "${edge_thing.web.guest.cpus}",
    "${edge_thing.web.guest}",
    "${edge_thing.web.services}",
    '${lookup(edge_thing.web.env, "A", "b")}',
  ]);
  expect("token" in Thing.prototype).toBe(false);
});

test("takes a Token wherever Terraform takes an expression", () => {
  const { resource } = synth((stack) => {
    const other = new Thing(stack, "other", { app: "shop" });
    const variable = new TerraformVariable(stack, "v", {});
    new Thing(stack, "web", {
      app: `${other.id}-2`,
      memoryMb: Fn.max([other.memoryMb, 300]),
      regions: other.regions,
      sizes: other.sizes,
      env: { KEY: other.id, ...{ B: variable.stringValue } },
      protectIt: other.protectIt,
      guest: other.guest,
      services: [{ ports: Token.asAny(variable.value) }, Token.asAny("${var.v}")],
      checks: other.checks,
    });
  });
  expect(resource.edge_thing.web).toMatchObject({
    app: "${edge_thing.other.id}-2",
    memory_mb: "${max(edge_thing.other.memory_mb, 300)}",
    regions: "${tolist(edge_thing.other.regions)}",
    sizes: "${edge_thing.other.sizes}",
    env: { KEY: "${edge_thing.other.id}", B: "${var.v}" },
    protect_it: "${edge_thing.other.protect_it}",
    guest: "${edge_thing.other.guest}",
    services: [{ ports: "${var.v}" }, "${var.v}"],
    checks: "${edge_thing.other.checks}",
  });
});

test("tells all problems of literal props at once, and no secret", () => {
  const wrong = {
    memoryMb: 300,
    regions: "lhr",
    env: { PORT: 8080 },
    services: [{ ports: [{ port: "eighty" }] }, {}],
    guest: { cpus: 2 },
    passWord: 12345,
    memory_mb: 1,
  };
  const stack = new TerraformStack(Testing.app(), "staging");
  expect(() => new Thing(stack, "web", wrong as never)).toThrow(
    new Error(`9 problems in the props of edge_thing at staging/web:
  app: missing; it is required and a text
  memoryMb: 300 is not a multiple of 256; use 512
  regions: got "lhr", allowed is a list
  env.PORT: got 8080, allowed is a text
  guest: there is no "cpus"
  services[0].ports[0].port: got "eighty", allowed is a number
  services[1].ports: missing; it is required and a list
  passWord: got another kind of value, allowed is a text
  there is no "memory_mb"
[provider/props]`),
  );
});

test("keeps Terraform's meta-arguments", () => {
  const { resource, provider, terraform } = synth((stack) => {
    const other = new Edge(stack, "edge", { alias: "other", localState: true });
    const first = new Thing(stack, "first", { app: "shop" });
    new Thing(stack, "web", { app: "shop", dependsOn: [first], provider: other, lifecycle: { preventDestroy: true } });
  });
  expect(resource.edge_thing.web).toMatchObject({
    depends_on: ["edge_thing.first"],
    provider: "edge.other",
    lifecycle: { prevent_destroy: true },
  });
  expect(provider).toEqual({ edge: [{ alias: "other", local_state: true }] });
  expect(terraform.required_providers).toEqual({ edge: { source: "test/edge", version: "1.2.3" } });
});

test("renders data sources and import blocks", () => {
  const {
    data,
    output,
    import: imports,
  } = synth((stack) => {
    const found = new Lookup(stack, "found", { name: "shop" });
    new TerraformOutput(stack, "at", { value: found.foundAt });
    Thing.generateConfigForImport(stack, "web", "shop/web");
  });
  expect(data.edge_lookup.found).toMatchObject({ name: "shop" });
  expect(output.at.value).toBe("${data.edge_lookup.found.found_at}");
  expect(imports).toEqual([{ id: "shop/web", to: "edge_thing.web" }]);
  expect([Thing.tfResourceType, Lookup.tfResourceType, Edge.tfResourceType]).toEqual([
    "edge_thing",
    "edge_lookup",
    "edge",
  ]);
});

test("refuses an attribute that would hide a member of every construct", () => {
  expect(() => l1({ type: "edge_bad", attributes: { count: number("optional", { doc: "Count." }) } })).toThrow(
    'edge_bad: a CDKTF construct has a "count" of its own',
  );
});
