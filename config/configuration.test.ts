import { hotDash } from "./hotdash";
import {
  ConfigurationError,
  configuration,
  configure,
  previewNumber,
  previewOf,
  sandboxSeed,
  secretSources,
} from "./index";
import type { Overrides } from "./override";
import type { Configuration } from "./schema";

/** A copy of HotDash's configuration with one thing changed, whatever its type. */
function changed(path: string, value: unknown): unknown {
  const copy: Record<string, unknown> = structuredClone(hotDash);
  const steps = path.split(".");
  const last = steps.pop() ?? "";
  const parent = steps.reduce<Record<string, unknown>>((object, step) => object[step] as Record<string, unknown>, copy);
  parent[last] = value;
  return copy;
}

function messageOf(input: unknown, overrides: unknown = {}): string {
  try {
    configure(input, overrides);
  } catch (error) {
    if (error instanceof ConfigurationError) return error.message;
    throw error;
  }
  return "no problem";
}

test("HotDash's own configuration has no problem", () => {
  expect(Object.keys(configuration().environments)).toEqual(["production", "staging", "chatwoot", "preview"]);
});

describe("refuses", () => {
  test("an unknown key, with the nearest known one", () => {
    expect(messageOf(changed("environments.staging.groups.app.memroyMb", 512))).toBe(
      `1 problem in environment staging:\n  [config/unknown-key] groups.app: "memroyMb" is not a key here; did you mean "memoryMb"?`,
    );
  });

  test("a value of the wrong kind, with what was got and what is taken", () => {
    expect(messageOf(changed("environments.staging.groups.app.memoryMb", "1gb"))).toBe(
      `1 problem in environment staging:\n  [config/value] groups.app.memoryMb: "1gb" is not taken; use a number`,
    );
    expect(messageOf(changed("environments.production.deploy.strategy", "bluegren"))).toContain(
      `deploy.strategy: "bluegren" is not taken; use "rolling" or "canary" or "bluegreen" or "immediate"; did you mean "bluegreen"?`,
    );
  });

  test("what is missing", () => {
    expect(messageOf(changed("environments.chatwoot.regions", undefined))).toBe(
      "1 problem in environment chatwoot:\n  [config/value] regions: is missing; use a list",
    );
  });

  test("a secret value in place of its source, without showing it", () => {
    const message = messageOf(changed("environments.staging.secrets", { DATABASE_URL: "postgres://u:hunter2@h/db" }));
    expect(message).toBe(
      "1 problem in environment staging:\n  [config/value] secrets.DATABASE_URL: a string (not shown) is not taken; use an object",
    );
  });

  test("a secret value in place of its name, without showing it even when its source is wrong too", () => {
    const message = messageOf(changed("environments.staging.secrets", { "postgres://u:hunter2@h/db": 3 }));
    expect(message).not.toContain("hunter2");
    expect(message).toContain("environment staging");
  });

  test("two environments with one app", () => {
    expect(messageOf(changed("environments.chatwoot.app", "hot-dash"))).toBe(
      `1 problem in environment chatwoot:\n  [fly/app-name-shared] app: "hot-dash" is the app of environment production too, and two stacks would undo each other; give one another name`,
    );
  });

  test("previews that could meet another environment's app", () => {
    expect(messageOf(changed("environments.chatwoot.app", "hotdash-pr-7"))).toContain("[fly/app-name-shared]");
  });

  test("a region that Fly has and HotDash does not use", () => {
    expect(messageOf(changed("environments.staging.regions", ["lhr"]))).toBe(
      `1 problem in environment staging:\n  [config/region] regions[0]: "lhr" is not among HotDash's regions; allowed are ord, iad, sjc`,
    );
  });

  test("the bare name of a secret in production", () => {
    const message = messageOf(changed("environments.production.secrets", { STRIPE_KEY: { env: ["STRIPE_KEY"] } }));
    expect(message).toBe(
      `1 problem in environment production:\n  [fly/secret-bare] secrets.STRIPE_KEY.env: reads the bare variable STRIPE_KEY, which may hold another environment's value; use PRODUCTION_STRIPE_KEY`,
    );
  });

  test("a secret that does not belong to its group", () => {
    const groups = { ...hotDash.secrets.groups, "SHOPIFY_*": ["STRIPE_KEY"] };
    expect(messageOf(changed("secrets.groups", groups))).toContain(
      "[config/secret-group] secrets.groups: entry 1 does not belong to SHOPIFY_*; names of this group begin with SHOPIFY_",
    );
  });

  test("several mistakes in one report, under the environment they are in", () => {
    const input = changed("environments.production.groups.app.memoryMb", 500) as Configuration;
    const staging = { ...hotDash.environments.staging, killTimeout: "soon", regions: ["ordd"] };
    const message = messageOf({ ...input, environments: { ...input.environments, staging } });
    expect(message.split("\n").map((line) => line.replace(/(\[.*?\] \S+).*/, "$1"))).toEqual([
      "1 problem in environment production:",
      "  [fly/guest-memory] groups.app.memoryMb:",
      "2 problems in environment staging:",
      "  [fly/region] regions[0]:",
      "  [fly/duration] killTimeout:",
    ]);
  });

  test("a wrong shape in one environment together with a broken rule in another", () => {
    const input = changed("environments.production.killTimeout", "soon") as Configuration;
    const staging = { ...hotDash.environments.staging, app: 7 };
    const message = messageOf({ ...input, environments: { ...input.environments, staging } });
    expect(message).toContain("[config/value] app: 7 is not taken; use a text");
    expect(message).toContain("[fly/duration] killTimeout:");
  });
});

describe("where secrets come from", () => {
  const sources = (overrides: Overrides = {}) => secretSources(configure(hotDash, overrides));

  test("the stack's own variable; a preview's else staging's", () => {
    expect(sources().staging?.DATABASE_URL).toEqual(["STAGING_DATABASE_URL"]);
    expect(sources().production?.DATABASE_URL).toEqual(["PRODUCTION_DATABASE_URL"]);
    expect(sources().chatwoot?.DATABASE_URL).toEqual(["CHATWOOT_DATABASE_URL"]);
    expect(sources().preview?.DATABASE_URL).toEqual(["PREVIEW_DATABASE_URL", "STAGING_DATABASE_URL"]);
  });

  test("the bare variable last, where the configuration says so, and never in production", () => {
    const { staging, preview, production } = sources({ "secrets.bare": ["DATABASE_URL"] });
    expect(staging?.DATABASE_URL).toEqual(["STAGING_DATABASE_URL", "DATABASE_URL"]);
    expect(preview?.DATABASE_URL).toEqual(["PREVIEW_DATABASE_URL", "STAGING_DATABASE_URL", "DATABASE_URL"]);
    expect(production?.DATABASE_URL).toEqual(["PRODUCTION_DATABASE_URL"]);
    expect(staging?.SUPABASE_URL).toEqual(["STAGING_SUPABASE_URL"]);
  });

  test("production carries the same names as staging", () => {
    expect(Object.keys(sources().production ?? {})).toEqual(Object.keys(sources().staging ?? {}));
  });
});

describe("previews", () => {
  test("are absent without a number", () => {
    expect(previewNumber(undefined)).toBeUndefined();
    expect(previewNumber("")).toBeUndefined();
  });

  test("have a number from text or from context", () => {
    expect(previewNumber("42")).toBe(42);
    expect(previewNumber(42)).toBe(42);
  });

  test.each(["0", "-1", "4.2", "#42", "42;rm"])("refuse the number %j", (given) => {
    expect(() => previewNumber(given)).toThrow(`"${given}" is not the number of a pull request`);
  });

  test("carry the number in name, address and file", () => {
    const { app, url, flyToml } = previewOf(configuration().environments.preview, 42);
    expect({ app, url, flyToml }).toEqual({
      app: "hotdash-pr-42",
      url: "https://hotdash-pr-42.fly.dev",
      flyToml: "fly.preview-42.toml",
    });
  });
});

test("the sandbox gets accounts, and nothing that a stack manages", () => {
  const seed = sandboxSeed(configuration());
  expect(seed.organizations.map(({ slug }) => slug)).toEqual(["hotdash", "other-org"]);
  expect(Object.keys(seed)).toEqual(["organizations", "users", "tokens", "github"]);
  expect(seed.github.repositories).toMatchObject([
    { owner: "hotdash", name: "hotdash", secrets: [], environments: {} },
  ]);
});
