/** Apps as `FlyApp` takes them, for property tests, and making one on a stage as an apply would. */
import { App, TerraformStack, Testing } from "cdktf";
import fc from "fast-check";
import type { AppShape, ImageShape } from "../../config/app-shape";
import { appProblems } from "../../config/rule";
import { FlyApp } from "../../constructs/fly/fly-app";
import { FlyStack } from "../../constructs/fly/fly-stack";
import { attributesOf } from "../../ops/adopt/rehearsal";
import { planObject } from "../../provider/framework/plan";
import type { ObjectValue } from "../../provider/plugin/value";
import type { Stage } from "./stage";

type Given = Readonly<Record<string, unknown>>;

interface Resource {
  readonly type: string;
  readonly config: Given;
}

const port = fc.integer({ min: 1, max: 65_535 });
const path = fc.constantFrom("/up", "/health");
const some = <T>(values: fc.Arbitrary<T>) => fc.option(values, { nil: undefined });
const few = <T>(values: fc.Arbitrary<T>, by?: (one: T) => unknown) =>
  fc.uniqueArray(values, { minLength: 1, maxLength: 2, selector: by });
const env = fc.dictionary(fc.constantFrom("LOG", "MODE", "LANG"), fc.string({ minLength: 1, maxLength: 8 }), {
  noNullPrototype: true,
});

const check = fc.record({
  type: fc.constantFrom("tcp" as const, "http" as const),
  interval: fc.constantFrom("2s", "4s"),
  timeout: fc.constantFrom("1s", "500ms"),
  gracePeriod: fc.constantFrom("1s", "500ms"),
});
const httpCheck = fc.record({
  type: fc.constant("http" as const),
  interval: fc.constant("3s"),
  timeout: fc.constant("1s"),
  gracePeriod: fc.constant("0s"),
  path: some(path),
  method: some(fc.constant("HEAD")),
  headers: some(fc.constant({ Host: "shop.example" })),
});

const publicPort = fc.record({ port, handlers: some(fc.constant(["tls"] as const)) });

const service = fc.record({
  internalPort: port,
  ports: some(few(publicPort, (one) => one.port)),
  forceHttps: some(fc.boolean()),
  autostop: some(fc.constantFrom("stop" as const, "suspend" as const)),
  autostart: some(fc.constant(false)),
  minRunning: some(fc.integer({ min: 0, max: 1 })),
  concurrency: some(fc.constant({ type: "requests" as const, softLimit: 5, hardLimit: 9 })),
  checks: some(few(fc.oneof(check, httpCheck), ({ type }) => type)),
});

const group = fc.record({
  cpus: some(fc.constantFrom(1, 2, 4)),
  memoryMb: some(fc.constantFrom(1024, 2048)),
  machines: some(fc.oneof(fc.integer({ min: 2, max: 4 }), fc.constant({ min: 2, max: 5 }))),
  command: some(few(fc.constantFrom("node", "bin/jobs", "--all"))),
  env: some(env),
  services: some(few(service, ({ internalPort }) => internalPort)),
  checks: some(fc.record({ alive: check.map((one) => ({ ...one, port: 9000 })) })),
  mount: some(fc.record({ name: fc.constant("data"), path, sizeGb: some(fc.constant(3)) })),
  metrics: some(fc.record({ port, path })),
  restart: some(fc.constantFrom({ policy: "always" as const }, { policy: "on-failure" as const, maxRetries: 3 })),
});

const named = (names: readonly string[]): AppShape["secrets"] => Object.fromEntries(names.map((name) => [name, {}]));
const image = (kind: "pinned" | "initial"): fc.Arbitrary<ImageShape> =>
  fc.constant(kind === "pinned" ? { pinned: "nginx:1.27" } : { initial: "registry.fly.io/shop:first" });

/** An app that `FlyApp` takes. */
export const anyApp: fc.Arbitrary<AppShape> = fc
  .record({
    app: fc.constant("shop"),
    regions: fc.constantFrom(["ord"], ["ord", "iad"], ["iad", "ord"]),
    image: fc.oneof(image("pinned"), image("initial")),
    groups: fc.dictionary(fc.constantFrom("web", "worker"), group, { minKeys: 1, noNullPrototype: true }),
    env: some(env),
    secrets: some(fc.subarray(["API_KEY", "DATABASE_URL"]).map(named)),
    certificates: some(fc.constant(["shop.example.org"])),
    addresses: some(fc.constantFrom([], ["v4" as const], ["shared_v4" as const, "v6" as const])),
    killSignal: some(fc.constant("SIGTERM" as const)),
    killTimeout: some(fc.constantFrom("30s", "1m")),
    deploy: some(fc.record({ strategy: some(fc.constant("canary" as const)), waitTimeout: some(fc.constant("9m")) })),
  })
  .filter((app) => appProblems(app, "").length === 0);

/** The resources of a stack with this app, by type and name, as Terraform's JSON has them but with literal names of the app. */
export function resourcesOf(shape: AppShape): readonly Resource[] {
  return resourcesIn((app) => {
    new FlyApp(new FlyStack(app, "shop", { organization: "hotdash" }), "app", shape);
  }, shape.app);
}

/** The same for a program with one stack of one app. */
export function resourcesIn(program: (app: App) => void, name: string): readonly Resource[] {
  const app = new App({ outdir: Testing.app().outdir });
  program(app);
  const stack = app.node.findAll().find(TerraformStack.isStack);
  if (!stack) throw new Error("the program has no stack");
  const { resource }: { resource: Record<string, Record<string, Given>> } = JSON.parse(Testing.synth(stack));
  return Object.entries(resource).flatMap(([type, all]) =>
    Object.values(all).map(({ "//": _comment, depends_on: _after, secrets_version: _version, ...rest }) => ({
      type,
      config: { ...rest, ...("app" in rest && { app: name }) },
    })),
  );
}

/** What all resources of the app are to be, with defaults filled in: the same for two spellings of one app. */
export function normal({ groups, ...shape }: AppShape): readonly Given[] {
  const sorted = Object.fromEntries(Object.entries(groups).sort(([a], [b]) => (a < b ? -1 : 1)));
  return resourcesOf({ ...shape, groups: sorted }).map(({ type, config }) => {
    const complete = planObject(attributesOf(type), JSON.parse(JSON.stringify(config)) as ObjectValue, null);
    return { type, ...complete };
  });
}

/** Makes the app as an apply of its stack would. */
export async function makeApp(stage: Stage, shape: AppShape): Promise<void> {
  for (const name of Object.keys(shape.secrets ?? {})) stage.env[`SHOP_${name}`] = `value of ${name}`;
  const all = resourcesOf(shape);
  for (const type of ["fly_app", "fly_secrets", "fly_ip_address", "fly_process_group", "fly_certificate"]) {
    for (const one of all.filter((each) => each.type === type)) {
      const config = type === "fly_app" ? { ...one.config, organization: "hotdash" } : one.config;
      await stage.apply(type, config);
    }
  }
}
