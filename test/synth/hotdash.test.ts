import { synthesizeHotDash } from "./support/hotdash";

const { stacks, files } = synthesizeHotDash({}, { PREVIEW_NUMBER: "42" });

/** One resource of a stack, by type and name. */
function resource(stack: string, type: string, name: string): Readonly<Record<string, unknown>> {
  const found = stacks[stack]?.resource[type]?.[name];
  if (!found) throw new Error(`${stack} has no ${type}.${name}`);
  return found;
}
const group = (stack: string, name: string) => resource(stack, "fly_process_group", name);

test.each(Object.keys(stacks))("stack %s", (name) => {
  expect(stacks[name]).toMatchSnapshot();
});

test.each(Object.keys(files))("file %s", (name) => {
  expect(files[name]).toMatchSnapshot();
});

test("there are a stack per environment and one for the preview that is asked for", () => {
  expect(Object.keys(stacks)).toEqual(["production", "staging", "chatwoot", "preview-42"]);
});

test("without a number there is no preview stack, and no error", () => {
  expect(Object.keys(synthesizeHotDash().stacks)).toEqual(["production", "staging", "chatwoot"]);
});

test("each stack keeps its state apart and tells the provider its name", () => {
  for (const [name, stack] of Object.entries(stacks)) {
    expect(stack.terraform.backend).toEqual({ local: { path: `../../../terraform.${name}.tfstate` } });
    expect(stack.provider).toEqual({ fly: [{ organization: "hotdash", stack: name, local_state: true }] });
  }
});

test("the stacks need no provider but ours", () => {
  for (const { terraform } of Object.values(stacks)) {
    expect(Object.keys(terraform.required_providers ?? {})).toEqual(["fly"]);
  }
});

describe("production", () => {
  const app = group("production", "hotdash_app");

  test("is hot-dash, protected, with two to ten machines of 2 shared CPUs and 2 GB in ord", () => {
    expect(resource("production", "fly_app", "hotdash")).toEqual({ name: "hot-dash", deletion_protection: true });
    expect(app).toMatchObject({
      guest: { cpu_kind: "shared", cpus: 2, memory_mb: 2048 },
      machines: { ord: { min: 2, max: 10 } },
      primary_region: "ord",
    });
  });

  test("is never stopped by Fly, takes 200 to 250 connections a machine, and redirects to HTTPS", () => {
    expect(app.services).toMatchObject([
      {
        autostop: "off",
        min_machines_running: 2,
        internal_port: 3000,
        concurrency: { type: "connections", soft_limit: 200, hard_limit: 250 },
        ports: [
          { port: 80, handlers: ["http"], force_https: true },
          { port: 443, handlers: ["tls", "http"] },
        ],
      },
    ]);
  });

  test("is checked by TCP every 15 s and GET /health every 30 s, after 30 s of grace", () => {
    expect(app.services).toMatchObject([
      {
        checks: [
          { type: "tcp", interval: "15s", timeout: "2s", grace_period: "30s" },
          { type: "http", interval: "30s", timeout: "5s", grace_period: "30s", path: "/health", method: "GET" },
        ],
      },
    ]);
  });

  test("rolls with at most 30% away and 5 minutes for each machine, which has 30 s to stop", () => {
    expect(app).toMatchObject({
      strategy: "rolling",
      max_unavailable: "30%",
      wait_timeout: "5m",
      stop: { timeout: "30s" },
      metrics: { port: 9091, path: "/metrics" },
    });
  });

  test("leaves the image to the release pipeline", () => {
    expect(app).toHaveProperty("initial_image");
    expect(app).not.toHaveProperty("image");
  });
});

describe("staging", () => {
  const app = group("staging", "hotdash_app");

  test("is hotdash-staging, one machine of 1 shared CPU and 1 GB that stays awake", () => {
    expect(resource("staging", "fly_app", "hotdash")).toEqual({ name: "hotdash-staging", deletion_protection: true });
    expect(app).toMatchObject({
      guest: { cpu_kind: "shared", cpus: 1, memory_mb: 1024 },
      machines: { ord: { count: 1 } },
      services: [
        {
          autostop: "stop",
          autostart: true,
          min_machines_running: 1,
          concurrency: { soft_limit: 80, hard_limit: 100 },
          checks: [{ grace_period: "20s" }, { grace_period: "20s" }],
        },
      ],
      wait_timeout: "3m",
      stop: { timeout: "30s" },
    });
    expect(app).not.toHaveProperty("max_unavailable");
  });
});

describe("a preview", () => {
  test("is hotdash-pr-42, one machine of 1 shared CPU and 512 MB that may sleep, and can be destroyed", () => {
    expect(resource("preview-42", "fly_app", "hotdash")).toEqual({ name: "hotdash-pr-42", deletion_protection: false });
    expect(group("preview-42", "hotdash_app")).toMatchObject({
      guest: { cpu_kind: "shared", cpus: 1, memory_mb: 512 },
      services: [
        {
          autostop: "stop",
          autostart: true,
          min_machines_running: 0,
          checks: [{ type: "http", path: "/health", interval: "30s" }],
        },
      ],
    });
  });

  test("takes its secrets from its own variables, else from staging's", () => {
    expect(resource("preview-42", "fly_secrets", "hotdash").sources).toMatchObject({
      DATABASE_URL: { env: ["PREVIEW_DATABASE_URL", "STAGING_DATABASE_URL"] },
    });
  });
});

describe("chatwoot", () => {
  test("is one web machine with a check of /api, and one worker that nothing reaches", () => {
    const size = { guest: { cpu_kind: "shared", cpus: 1, memory_mb: 2048 }, machines: { ord: { count: 1 } } };
    expect(group("chatwoot", "chatwoot_web")).toMatchObject({
      ...size,
      services: [{ internal_port: 3000, checks: [{ type: "http", path: "/api", interval: "30s", timeout: "5s" }] }],
    });
    expect(group("chatwoot", "chatwoot_worker")).toMatchObject({ ...size, services: [] });
    expect(group("chatwoot", "chatwoot_worker").init).toEqual({
      cmd: ["bundle", "exec", "sidekiq", "-C", "config/sidekiq.yml"],
    });
  });

  test("sets no concurrency and no kill timeout of its own", () => {
    expect(group("chatwoot", "chatwoot_web")).not.toHaveProperty("stop");
    expect(JSON.stringify(group("chatwoot", "chatwoot_web"))).not.toContain("soft_limit");
  });
});

test("no stack reads a secret from a bare variable", () => {
  for (const { resource: all } of Object.values(stacks)) {
    const [secrets] = Object.values(all.fly_secrets ?? {});
    const sources = Object.entries(secrets?.sources ?? {}) as [string, { env: string[] }][];
    expect(sources.length).toBeGreaterThan(0);
    for (const [name, { env }] of sources) expect(env).not.toContain(name);
  }
});

test("the release command generates and never migrates; Chatwoot has none", () => {
  const { "fly.chatwoot.toml": chatwoot, ...application } = files;
  for (const text of Object.values(application)) expect(text).toContain('release_command = "npx prisma generate"');
  expect(chatwoot).not.toContain("release_command");
});

test("production over several regions spreads its pool and keeps the first as primary", () => {
  const { stacks: spread } = synthesizeHotDash({ regions: ["ord", "iad"] });
  expect(spread.production?.resource.fly_process_group?.hotdash_app).toMatchObject({
    machines: { ord: { min: 1, max: 5 }, iad: { min: 1, max: 5 } },
    primary_region: "ord",
    services: [{ min_machines_running: 1 }],
  });
});
