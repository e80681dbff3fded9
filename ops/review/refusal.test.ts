// biome-ignore-all lint/suspicious/noTemplateCurlyInString: these are templates of Terraform
import { allowedBy, type StackJson } from "./allowed";
import { refusalsOf } from "./refusal";

const fly = { source: "registry.terraform.io/hotdash/fly", version: "0.1.0" };
const github = { source: "integrations/github", version: "6.9.0" };
const environ = "/proc/self/environ";

const staging: StackJson = {
  "//": { metadata: { stackName: "staging" } },
  terraform: { backend: { pg: { schema_name: "infra_staging" } }, required_providers: { fly } },
  provider: { fly: [{ organization: "hotdash", stack: "staging" }] },
  resource: {
    fly_app: { web: { name: "shop" } },
    fly_secrets: { web: { app: "${fly_app.web.name}", sources: { KEY: { command: ["pass", "shop/key"] } } } },
  },
};
const governed: StackJson = {
  terraform: { backend: { pg: { schema_name: "infra_github" } }, required_providers: { github } },
  provider: { github: [{ owner: "hotdash", write_delay_ms: "${var.pause}" }] },
  variable: { pause: { default: 1000, type: "number" } },
  data: { github_rest_api: { tree: { endpoint: "repos/hotdash/hotdash/git/trees/main" } } },
  locals: { odd: "${yamldecode(nonsensitive(1))}" },
};
const allowed = allowedBy(
  new Map([
    ["staging", staging],
    ["github", governed],
  ]),
);

/** A stack with something put in: a path of keys, and what is there then. */
function having(stack: StackJson, path: string, value: unknown): StackJson {
  const [key = "", ...rest] = path.split(".");
  const inner = stack[key];
  const at = typeof inner === "object" && inner !== null && !Array.isArray(inner) ? { ...inner } : {};
  return { ...stack, [key]: rest.length === 0 ? value : having(at, rest.join("."), value) };
}
const wheres = (name: string, stack: StackJson) => refusalsOf(name, stack, allowed).map(({ where }) => where);

test("what the base holds is allowed, whatever it does", () => {
  expect(wheres("staging", staging)).toEqual([]);
  expect(wheres("github", governed)).toEqual([]);
});

test.each<[string, string, unknown]>([
  ["another size", "resource.fly_process_group.web", { guest: { memory_mb: 512 } }],
  ["a resource more", "resource.fly_volume.data", { app: "${fly_app.web.name}", size_gb: 1, name: "data (1)" }],
  ["a secret from an env var", "resource.fly_secrets.web.sources.OTHER", { env: ["OTHER"] }],
  ["a gate in words of ours", "locals.findings", '${join(", ", [for one in ["a"] : upper(one) if (one != "")])}'],
  ["terraform_data", "resource.terraform_data.note", { input: "${jsonencode(local.x)}" }],
  ["an import", "import", [{ to: 'fly_app.web["a (1)"]', id: "shop" }]],
  ["a check without a data source", "check.age", { assert: [{ condition: "${true}", error_message: "old (very)" }] }],
])("%s may be proposed", (_what, path, value) => {
  expect(wheres("staging", having(staging, path, value))).toEqual([]);
});

test("a new stack may have a backend and a provider of the base's kind, under its own name", () => {
  const demo = JSON.parse(
    JSON.stringify(staging).replaceAll("staging", "demo-2").replace("infra_demo-2", "infra_demo_2"),
  );
  expect(wheres("demo-2", demo)).toEqual([]);
  expect(wheres("demo", having(demo, "terraform.backend.pg.schema_name", "infra_staging"))).toContain("demo terraform");
});

test.each<[string, string, unknown, string]>([
  [
    "another provider",
    "terraform.required_providers.evil",
    { source: "evil/evil", version: "1.0.0" },
    "terraform.required_providers.evil",
  ],
  [
    "its own build of ours",
    "terraform.required_providers.fly",
    { ...fly, version: "0.2.0" },
    "terraform.required_providers.fly",
  ],
  [
    "our name for another source",
    "terraform.required_providers.fly",
    { ...fly, source: "evil/fly" },
    "terraform.required_providers.fly",
  ],
  [
    "providers in a list",
    "terraform.required_providers",
    [{ evil: { source: "evil/evil" } }],
    "terraform.required_providers",
  ],
  ["settings in a list", "terraform", [staging.terraform], "terraform"],
  ["a provider by a type alone", "resource.aws_instance.x", {}, "resource.aws_instance.x"],
  ["a provider by its local name", "resource.fly_app.x", { provider: "evil.a" }, "resource.fly_app.x"],
  ["HCP", "terraform.cloud", { organization: "evil" }, "terraform"],
  ["another backend", "terraform.backend", { http: { address: "https://evil.example" } }, "terraform"],
  ["the state of another stack", "terraform.backend.pg.schema_name", "infra_github", "terraform"],
  ["another database", "terraform.backend.pg.conn_str", "postgres://evil.example", "terraform"],
  ["metadata for a provider", "terraform.provider_meta", { fly: { module_name: "x" } }, "terraform"],
  ["experiments", "terraform.experiments", ["x"], "terraform"],
  [
    "another address of a provider",
    "provider.fly",
    [{ organization: "hotdash", stack: "staging", base_url: "http://evil.example" }],
    "provider.fly",
  ],
  ["the objects of another stack", "provider.fly", [{ organization: "hotdash", stack: "production" }], "provider.fly"],
  ["another owner", "provider.github", [{ owner: "evil", write_delay_ms: "${var.pause}" }], "provider.github"],
  ["a module", "module.x", { source: "https://evil.example/x.zip" }, "module"],
  ["an ephemeral value", "ephemeral.random_password.x", {}, "ephemeral"],
  ["a section in a list", "resource", [{ null_resource: { x: {} } }], "resource"],
  ["a body in a list", "resource.fly_app.x", [{ provisioner: {} }], "resource.fly_app.x"],
  ["a type in a list", "data.external", [{ x: { program: ["env"] } }], "data.external"],
  ["an external program", "data.external.x", { program: ["env"] }, "data.external.x"],
  ["a request", "data.http.x", { url: "https://evil.example" }, "data.http.x"],
  ["another state", "data.terraform_remote_state.x", { backend: "pg" }, "data.terraform_remote_state.x"],
  ["what machines hold", "data.fly_machines.x", { app: "shop" }, "data.fly_machines.x"],
  ["a data source inside a check", "check.x", { data: { http: { y: {} } }, assert: [] }, "check.x"],
  [
    "a provisioner",
    "resource.terraform_data.x.provisioner",
    [{ "local-exec": { command: "env" } }],
    "resource.terraform_data.x.provisioner",
  ],
  [
    "a connection",
    "resource.terraform_data.x.connection",
    { host: "evil.example" },
    "resource.terraform_data.x.connection",
  ],
  ["a provisioner at removal", "removed", [{ from: "fly_app.web", provisioner: [{ "local-exec": {} }] }], "removed"],
  ["a variable", "variable.GITHUB_TOKEN", { type: "string" }, "variable.GITHUB_TOKEN"],
  [
    "a program as a source",
    "resource.fly_secrets.web.sources.X",
    { command: ["env"] },
    "resource.fly_secrets.web.sources.X",
  ],
  ["a file as a source", "resource.fly_secrets.web.sources.X", { file: environ }, "resource.fly_secrets.web.sources.X"],
  [
    "sources that are computed",
    "resource.fly_secrets.web.sources",
    "${local.sources}",
    "resource.fly_secrets.web.sources",
  ],
  [
    "a source that is computed",
    "resource.fly_secrets.web.sources.X",
    "${local.source}",
    "resource.fly_secrets.web.sources.X",
  ],
  [
    "names that are computed",
    "resource.fly_secrets.web.sources.X",
    { env: ["${local.name}"] },
    "resource.fly_secrets.web.sources.X",
  ],
  ["a file", "locals.x", `\${file("${environ}")}`, "locals.x"],
  ["a file's sum", "locals.x", `\${filesha256("${environ}")}`, "locals.x"],
  ["a list of files", "locals.x", '${fileset("/home", "**")}', "locals.x"],
  ["a template of a file", "locals.x", `\${templatefile("${environ}", {})}`, "locals.x"],
  ["a template out of a value", "locals.x", "${templatestring(local.y, {})}", "locals.x"],
  [
    "a file in a condition",
    "resource.terraform_data.x.lifecycle",
    { postcondition: [{ condition: '${file("x") == ""}' }] },
    "resource.terraform_data.x.lifecycle.postcondition.0.condition",
  ],
  ["a file in a key", "locals.x", { '${file("x")}': 1 }, "locals.x.(key)"],
  ["a file in a comment's place", "locals.x", { "//": '${file("x")}' }, "locals.x.//"],
  [
    "a file in an import",
    "import",
    [{ to: "fly_app.web", id: "a", for_each: '${toset([file("x")])}' }],
    "import.0.for_each",
  ],
  ["a file in an address", "import", [{ to: 'fly_app.web[file("x")]', id: "a" }], "import.0.to"],
  ["a file in an address with a marker", "import", [{ to: 'fly_app.web[file("${""}x")]', id: "a" }], "import.0.to"],
  ["what unmasks", "locals.x", "${nonsensitive(var.pause)}", "locals.x"],
  ["what cannot be judged", "locals.x", '$${ "\\${file("x")}', "locals.x"],
])("%s is refused", (_what, path, value, where) => {
  const stack = path.startsWith("provider.github") ? "github" : "staging";
  expect(wheres(stack, having(stack === "github" ? governed : staging, path, value))).toContain(`${stack} ${where}`);
});

test("an address that the GitHub provider would follow elsewhere is refused: it would take the token along", () => {
  for (const endpoint of ["https://evil.example/x", "//evil.example/x", '${"https"}://evil.example', 7, undefined]) {
    const given = having(governed, "data.github_rest_api.more", { endpoint });
    expect(wheres("github", given)).toEqual(["github data.github_rest_api.more.endpoint"]);
  }
});
