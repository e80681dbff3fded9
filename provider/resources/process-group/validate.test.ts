import { unknown, type Value } from "../../framework";
import { attributes, machineAttributes } from "./attributes";
import { validateGroup } from "./validate";

type Config = { readonly [name: string]: Value };
const service = (more: Config): Config => ({ services: [{ internal_port: 80, ...more }] });
const good: Config = { app: "shop", group: "web", image: "nginx", machines: { ord: { count: 1 } } };

describe("what is refused across attributes", () => {
  it.each<[string, Config, string, (string | number)[]]>([
    ["no image at all", { image: null }, "fly/image-source", ["image"]],
    ["both kinds of image", { initial_image: "nginx" }, "fly/image-source", ["image"]],
    ["memory that the CPU kind cannot have", { guest: { memory_mb: 500 } }, "fly/guest-memory", ["guest", "memory_mb"]],
    ["a number of CPUs that does not exist", { guest: { cpus: 3 } }, "fly/guest-cpus", ["guest", "cpus"]],
    [
      "several regions without a primary one",
      { machines: { ord: { count: 1 }, iad: { count: 1 } } },
      "fly/primary-region",
      ["primary_region"],
    ],
    ["a primary region without machines", { primary_region: "ams" }, "fly/primary-region", ["primary_region"]],
    ["bluegreen without a check", { strategy: "bluegreen" }, "fly/strategy-checks", ["strategy"]],
    [
      "canary with a volume",
      { strategy: "canary", mount: { name: "d", path: "/d" } },
      "fly/strategy-mount",
      ["strategy"],
    ],
    [
      "bluegreen with a volume",
      { strategy: "bluegreen", mount: { name: "d", path: "/d" }, checks: { a: {} } },
      "fly/strategy-mount",
      ["strategy"],
    ],
    [
      "immediate with a promise",
      { strategy: "immediate", max_unavailable: "30%" },
      "fly/strategy-availability",
      ["strategy"],
    ],
    [
      "a soft limit over the hard limit",
      service({ concurrency: { soft_limit: 30, hard_limit: 25 } }),
      "fly/concurrency",
      ["services", 0, "concurrency"],
    ],
    [
      "a hard limit under the default soft limit",
      service({ concurrency: { hard_limit: 10 } }),
      "fly/concurrency",
      ["services", 0, "concurrency"],
    ],
    ["a port that is not said", service({ ports: [{ handlers: ["http"] }] }), "fly/port", ["services", 0, "ports", 0]],
    ["half a range of ports", service({ ports: [{ start_port: 1 }] }), "fly/port", ["services", 0, "ports", 0]],
    [
      "a range backwards",
      service({ ports: [{ start_port: 9, end_port: 1 }] }),
      "fly/port",
      ["services", 0, "ports", 0],
    ],
    [
      "a port and a range",
      service({ ports: [{ port: 1, start_port: 1, end_port: 2 }] }),
      "fly/port",
      ["services", 0, "ports", 0],
    ],
    [
      "suspension with too much memory",
      { ...service({ autostop: "suspend" }), guest: { cpus: 2, memory_mb: 4096 } },
      "fly/suspend",
      ["services", 0, "autostop"],
    ],
    [
      "suspension with swap",
      { ...service({ autostop: "suspend" }), init: { swap_size_mb: 512 } },
      "fly/suspend",
      ["services", 0, "autostop"],
    ],
    ["a file from nowhere", { files: [{ guest_path: "/a" }] }, "fly/file-source", ["files", 0]],
    [
      "a limit below the size",
      { mount: { name: "d", path: "/d", size_gb: 9, size_gb_limit: 5 } },
      "fly/mount-extend",
      ["mount", "size_gb_limit"],
    ],
    [
      "an extension by nothing",
      { mount: { name: "d", path: "/d", extend_threshold_percent: 80 } },
      "fly/mount-extend",
      ["mount", "add_size_gb"],
    ],
  ])("%s", (_, config, id, path) => {
    const problems = validateGroup({ ...good, ...config });
    expect(problems.map(({ detail }) => /\[([\w/-]+)\]$/.exec(detail)?.[1])).toEqual([id]);
    expect(problems[0]?.path).toEqual(path);
  });

  it.each<[string, Config]>([
    ["a plain group", {}],
    ["an image that is not known yet", { image: unknown }],
    ["a size that is not known yet", { guest: { cpus: unknown, memory_mb: 500 } }],
    ["bluegreen whose checks are not known yet", { strategy: "bluegreen", services: unknown }],
    ["bluegreen with a check of a service", { strategy: "bluegreen", ...service({ checks: [{ type: "tcp" }] }) }],
    ["a range of ports", service({ ports: [{ start_port: 1, end_port: 2 }] })],
    ["ports that are not known yet", service({ ports: [{ port: unknown }] })],
    ["immediate with no promise", { strategy: "immediate" }],
  ])("takes %s", (_, config) => {
    expect(validateGroup({ ...good, ...config })).toEqual([]);
  });
});

describe("what is refused in one attribute", () => {
  it.each<[string, string | undefined]>([
    ["an unknown region", attributes.machines.options.check?.({ lhrr: { count: 1 } })],
    ["no region", attributes.machines.options.check?.({})],
    ["a count and bounds", attributes.machines.options.check?.({ ord: { count: 1, min: 1 } })],
    ["bounds that cross", attributes.machines.options.check?.({ ord: { min: 3, max: 2 } })],
    ["max without min", attributes.machines.options.check?.({ ord: { max: 2 } })],
    ["a share of nothing", attributes.max_unavailable.options.check?.("0%")],
    ["a share above all", attributes.max_unavailable.options.check?.("101%")],
    ["no number", attributes.max_unavailable.options.check?.("some")],
    ["env of the platform", machineAttributes.env.options.check?.({ PRIMARY_REGION: "ord" })],
    ["metadata of Fly", machineAttributes.metadata.options.check?.({ fly_release_version: "1" })],
    ["an image that is none", attributes.image.options.check?.("Not An Image")],
    ["a schedule that is none", machineAttributes.schedule.options.check?.("yearly")],
  ])("%s", (_, problem) => {
    expect(problem).toMatch(/\[fly\/[a-z-]+\]$/);
  });

  it("suggests the region that was meant", () => {
    expect(attributes.machines.options.check?.({ lhrr: { count: 1 } })).toContain('did you mean "lhr"?');
  });
});
