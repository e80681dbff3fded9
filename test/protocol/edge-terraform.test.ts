// biome-ignore-all lint/suspicious/noTemplateCurlyInString: these are expressions of Terraform.
import { spawnSync } from "node:child_process";
import { edgeProvider, Platform } from "./support/edge-provider";
import { openWorkbench, type PlannedChange, type Workbench } from "./support/terraform";

const platform = new Platform();
let bench: Workbench;

const hasTerraform = spawnSync("terraform", ["version"]).status === 0;
const withTerraform = hasTerraform ? describe : describe.skip;

beforeAll(async () => {
  if (hasTerraform) bench = await openWorkbench(edgeProvider(platform).openSession);
});
afterAll(() => bench?.close());

const thing = (name: string, attributes: object = {}) => ({
  resource: { edge_thing: { [name]: { name, ...attributes } } },
});
const actions = (changes: readonly PlannedChange[]) => changes.map(({ change }) => change.actions.join());
const nested = (label: string) => ({ label, deep: { tags: ["b", "a"] } });
const everyShape = {
  string: "",
  number: 0.1,
  bool: false,
  list: ["b", "a", "b"],
  set: [3, 1.5, -2],
  map: { no: false, "": true, constructor: true },
  object: nested("one"),
  object_list: [nested("two"), { label: "three", note: "" }],
  object_set: [nested("four"), { label: "five", size: 12345678901234 }],
  object_map: { "a.b": nested("six"), ä: { label: "seven", deep: {} } },
};
const empty = {
  ...everyShape,
  list: [],
  set: [],
  map: {},
  object_list: [],
  object_set: [],
  object_map: {},
};

withTerraform("the ladder (needs terraform)", () => {
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

  test("takes every shape of value and then has nothing to do", async () => {
    const full = { required: everyShape, optional: everyShape, kept: everyShape };
    await bench.apply(thing("shapes", full));
    expect(await bench.plan()).toEqual([]);
    await bench.apply(thing("shapes", { required: empty, optional: empty, kept: empty }));
    expect(await bench.state("edge_thing.shapes")).toMatchObject({
      optional: { string: "", list: [], set: [], map: {}, object_list: [], object_set: [], object_map: {} },
    });
    expect(await bench.plan()).toEqual([]);
  });

  test("tells null from empty", async () => {
    await bench.apply(thing("nothing", { optional: { list: [], map: {} }, kept: {} }));
    expect(await bench.state("edge_thing.nothing")).toMatchObject({
      optional: { list: [], map: {}, set: null, string: null, object: null, object_map: null },
    });
    expect(await bench.plan()).toEqual([]);
    expect(actions(await bench.plan(thing("nothing", { optional: {}, kept: {} })))).toEqual(["update"]);
  });

  test("shows exactly what was changed outside, and undoes it", async () => {
    await bench.apply(thing("drift", { size_gb: 2, required: everyShape }));
    platform.change("drift", { size_gb: 3, divergence: { m1: "stopped by hand" } });
    const [planned, ...others] = await bench.plan();
    expect(others).toEqual([]);
    expect(planned?.change.before).toMatchObject({ size_gb: 3, divergence: { m1: "stopped by hand" }, revision: 1 });
    expect(planned?.change.after).toMatchObject({ size_gb: 2, divergence: {}, twice: 4 });
    expect(planned?.change.after_unknown).toMatchObject({ revision: true });
    await bench.apply();
    expect(platform.get("drift")).toMatchObject({ size_gb: 2, divergence: {}, revision: 2 });
    expect(await bench.plan()).toEqual([]);
  });

  test("shows a default that was changed outside, and an omitted value that was set", async () => {
    await bench.apply(thing("defaults"));
    platform.change("defaults", { settings: { level: 4, checks: { web: { path: "/x" } } } });
    const [planned] = await bench.plan();
    expect(planned?.change.after).toMatchObject({ settings: { level: 3, checks: {} } });
    await bench.apply();
    expect(await bench.plan()).toEqual([]);
  });

  test("keeps the spelling of the state for a value that is the same", async () => {
    await bench.apply(thing("spelling", { timeout: "2000ms" }));
    platform.change("spelling", { timeout: "2s" });
    expect(await bench.plan()).toEqual([]);
    expect(await bench.plan(thing("spelling", { timeout: "2s" }))).toEqual([]);
    expect(actions(await bench.plan(thing("spelling", { timeout: "3s" })))).toEqual(["update"]);
  });

  test("replaces for another name and updates for the rest", async () => {
    await bench.apply(thing("old"));
    const renamed = { resource: { edge_thing: { old: { name: "new" } } } };
    const [planned] = await bench.plan(renamed);
    expect(planned?.change).toMatchObject({ actions: ["delete", "create"], replace_paths: [["name"]] });
    await bench.apply(renamed);
    expect([...platform.things.keys()]).toContain("new");
    expect(platform.get("old")).toBeUndefined();
    expect(await bench.plan()).toEqual([]);
  });

  test("creates again what is gone", async () => {
    await bench.apply(thing("gone"));
    platform.delete("gone");
    expect(actions(await bench.plan())).toEqual(["create"]);
    await bench.apply();
    expect(await bench.plan()).toEqual([]);
  });

  test("imports by the natural key, and then has nothing to do", async () => {
    await bench.apply(thing("taken", { size_gb: 5, timeout: "2s", required: everyShape }));
    const { code } = await bench.run("state", "rm", "edge_thing.taken");
    expect(code).toBe(0);
    const imported = await bench.run("import", "-no-color", "edge_thing.taken", "taken");
    expect(imported).toMatchObject({ code: 0, output: expect.stringContaining("Import successful") });
    expect(await bench.plan()).toEqual([]);
    const wrong = await bench.run("import", "-no-color", "edge_thing.taken", "TAKEN/1");
    expect(wrong).toMatchObject({ code: 1, output: expect.stringContaining("[provider/import-key]") });
  });

  test("deletes", async () => {
    await bench.apply(thing("doomed"));
    await bench.apply({});
    expect(platform.things.size).toBe(0);
  });
});

withTerraform("what is not known before the apply (needs terraform)", () => {
  const dependent = {
    resource: {
      terraform_data: { source: { input: "7", triggers_replace: 1 } },
      edge_thing: {
        dependent: {
          name: "dependent",
          size_gb: "${terraform_data.source.output}",
          kept: { list: ["${terraform_data.source.id}", "fixed"], map: { a: true } },
          optional: {
            set: ["${terraform_data.source.output}", 1],
            object: { label: "${terraform_data.source.id}" },
            object_list: [{ label: "fixed", size: "${terraform_data.source.output}" }],
            object_set: [{ label: "${terraform_data.source.id}" }, { label: "fixed" }],
            object_map: { one: { label: "${terraform_data.source.id}" } },
          },
        },
      },
    },
  };

  test("is planned as unknown, with all that derives from it, and applies", async () => {
    const [planned] = (await bench.plan(dependent)).filter(({ address }) => address === "edge_thing.dependent");
    expect(planned?.change.after_unknown).toMatchObject({
      size_gb: true,
      twice: true,
      kept: { list: [true, false] },
      optional: { object: { label: true }, object_list: [{ size: true }], object_map: { one: { label: true } } },
    });
    await bench.apply();
    expect(platform.get("dependent")).toMatchObject({
      size_gb: 7,
      twice: 14,
      kept: { list: [/.+/, "fixed"].map(() => expect.any(String)) },
    });
    expect(await bench.plan()).toEqual([]);
  });

  test("may change in an update, and may turn out to be as before", async () => {
    const { terraform_data } = dependent.resource;
    const source = { ...terraform_data.source, triggers_replace: 2 };
    await bench.apply({ resource: { ...dependent.resource, terraform_data: { source } } });
    expect(await bench.plan()).toEqual([]);
  });

  test("stops a plan that needs the provider's configuration, and says what to do", async () => {
    const { code, output } = await bench.run("destroy", "-auto-approve");
    expect({ code, output }).toMatchObject({ code: 0 });
    bench.configure({
      provider: { edge: { greeting: "${terraform_data.source.id}" } },
      resource: { terraform_data: { source: {} }, edge_thing: { one: { name: "one" } } },
    });
    const ended = await bench.run("plan", "-no-color");
    expect(ended.code).toBe(1);
    expect(ended.output).toContain("[provider/configuration-unknown]");
  });
});

withTerraform("a write-only value (needs terraform)", () => {
  test("reaches the platform and neither plan nor state", async () => {
    const canary = "canary-7f3b";
    const secret = { token: canary, vault: { key: `${canary}-2`, owner: "me" }, token_version: 1 };
    const [planned] = await bench.plan(thing("secret", secret));
    expect(JSON.stringify(planned)).not.toContain(canary);
    await bench.apply();
    expect(platform.received).toEqual({ token: canary, key: `${canary}-2` });
    expect(await bench.state("edge_thing.secret")).toMatchObject({ token: null, vault: { key: null, owner: "me" } });
    expect(await bench.plan()).toEqual([]);
    await bench.apply(thing("secret", { ...secret, token: "another-canary", token_version: 2 }));
    expect(platform.received.token).toBe("another-canary");
  });
});

withTerraform("errors (needs terraform)", () => {
  test("are told with attribute and id, all at once, by validate", async () => {
    bench.configure(thing("wrong", { timeout: "soon", id: "mine", optional: { list: ["a", null] } }));
    const { output } = await bench.run("validate", "-no-color");
    for (const id of ["edge/duration", "provider/read-only", "provider/null-element"])
      expect(output).toContain(`[${id}]`);
    expect(output).toContain("main.tf.json");
  });

  test("of the platform are told in its words, and a failed create leaves nothing in the state", async () => {
    bench.configure(thing("unlucky", { zone: "down" }));
    const { code, output } = await bench.run("apply", "-auto-approve", "-no-color");
    expect(code).toBe(1);
    expect(output).toContain("503 from the platform [edge/platform]");
    expect(actions(await bench.plan())).toContain("create");
  });

  test("of ours ask for a report and show where", async () => {
    bench.configure(thing("buggy", { zone: "buggy" }));
    const { output } = await bench.run("apply", "-auto-approve", "-no-color");
    expect(output).toContain("TypeError: thing is not a function");
    expect(output).toContain("[provider/bug]");
    expect(output).toContain("edge-provider");
  });

  test("refuse a destroy at plan time", async () => {
    await bench.apply(thing("safe", { zone: "protected" }));
    bench.configure({});
    const { code, output } = await bench.run("plan", "-no-color");
    expect(code).toBe(1);
    expect(output).toContain("[edge/protected]");
    expect(platform.get("safe")).toBeDefined();
    await bench.run("state", "rm", "edge_thing.safe");
  });

  test("of an update keep the prior state, unless the handler says what is there", async () => {
    await bench.apply(thing("half", { size_gb: 1 }));
    platform.change("half", { zone: "half" });
    bench.configure(thing("half", { size_gb: 2, zone: "half" }));
    const { output } = await bench.run("apply", "-auto-approve", "-no-color");
    expect(output).toContain("[edge/half]");
    expect(await bench.state("edge_thing.half")).toMatchObject({ size_gb: 2, zone: "home" });
  });
});

withTerraform("what else a run shows (needs terraform)", () => {
  test("a platform that does something else than planned is a warning now and drift in the next plan", async () => {
    platform.things.clear();
    bench.configure(thing("own", { size_gb: 1, zone: "stubborn" }));
    const { code, output } = await bench.run("apply", "-auto-approve", "-no-color");
    expect({ code, output }).toMatchObject({ code: 0, output: expect.stringContaining("[provider/not-as-planned]") });
    const [planned] = await bench.plan();
    expect(planned?.change).toMatchObject({ before: { size_gb: 99 }, after: { size_gb: 1 } });
  });

  test("a data source reads what is there", async () => {
    platform.things.clear();
    await bench.apply({
      ...thing("found", { size_gb: 4 }),
      data: { edge_thing: { it: { name: "${edge_thing.found.name}" }, no: { name: "nobody" } } },
    });
    expect(await bench.state("data.edge_thing.it")).toEqual({ name: "found", exists: true, size_gb: 4 });
    expect(await bench.state("data.edge_thing.no")).toEqual({ name: "nobody", exists: false, size_gb: null });
  });

  test("progress names the object by its natural key", () => {
    expect(bench.progress).toContainEqual({ subject: "edge_thing found", message: "hello, found" });
  });
});
