import { findingsOf } from "./from-plan";
import type { PlanJson, ResourceChange } from "./plan-json";

type Change = Partial<ResourceChange["change"]>;

const change = (address: string, part: Change): ResourceChange => ({
  address,
  mode: "managed",
  type: address.slice(0, address.indexOf(".")),
  change: {
    actions: ["update"],
    before: {},
    after: {},
    after_unknown: {},
    before_sensitive: {},
    after_sensitive: {},
    ...part,
  },
});

const plan = (changes: readonly ResourceChange[], drift: readonly ResourceChange[] = []): PlanJson => ({
  format_version: "1.2",
  resource_changes: [...changes],
  resource_drift: [...drift],
  output_changes: {},
});

const group = "fly_process_group.app";

describe("findingsOf", () => {
  test("a value changed on Fly is drift, with what was declared", () => {
    const before = { guest: { memory_mb: 2048, cpus: 2 } };
    const live = { guest: { memory_mb: 512, cpus: 2 } };
    const { findings } = findingsOf(
      plan([change(group, { before: live, after: before })], [change(group, { before, after: live })]),
    );
    expect(findings).toEqual([
      { kind: "field", address: group, path: "guest.memory_mb", text: "is 512, declared 2048", was: 2048, is: 512 },
    ]);
  });

  test("a value changed in the configuration is pending", () => {
    const { findings } = findingsOf(plan([change(group, { before: { env: { A: "1" } }, after: { env: { A: "2" } } })]));
    expect(findings).toEqual([
      { kind: "pending", address: group, path: "env.A", text: '"1" -> "2"', was: "1", is: "2" },
    ]);
  });

  test("what is only taken over is pending, and no action", () => {
    const same = { before: { name: "shop" }, after: { name: "shop" }, importing: { id: "shop" } };
    const { findings, actions } = findingsOf(plan([change("fly_app.shop", { actions: ["no-op"], ...same })]));
    expect({ kinds: findings.map(({ kind, address }) => [kind, address]), actions }).toEqual({
      kinds: [["pending", "fly_app.shop"]],
      actions: {},
    });
  });

  test("what a gate found is told entry by entry", () => {
    const input = { "a.yml": "is missing", "b.yml": "differs from what is declared", "c.yml": "nobody declared it" };
    const { findings } = findingsOf(
      plan([change("terraform_data.drift_gate[0]", { actions: ["create"], before: null, after: { input } })]),
    );
    expect(findings.map(({ kind, path, left }) => [kind, path, left])).toEqual([
      ["missing", "a.yml", undefined],
      ["field", "b.yml", undefined],
      ["undeclared", "c.yml", true],
    ]);
  });

  test("a gate says what needs a person, and a read-back nothing of what is as declared", () => {
    const input = { "secret/KEY": "is missing; give it a value: gh secret set KEY" };
    const triggers = { repository: "as declared", "ruleset/history": "enforcement is disabled" };
    const { findings } = findingsOf(
      plan([
        change("terraform_data.drift_gate", { before: { input: {} }, after: { input } }),
        change("null_resource.read_back", { actions: ["delete", "create"], after: { triggers } }),
      ]),
    );
    expect(findings).toEqual([
      {
        kind: "missing",
        address: "terraform_data.drift_gate",
        path: "secret/KEY",
        text: "is missing; give it a value: gh secret set KEY",
        left: true,
      },
      { kind: "field", address: "null_resource.read_back", path: "ruleset/history", text: "enforcement is disabled" },
    ]);
  });

  test("a value changed on both sides is one of each", () => {
    const { findings } = findingsOf(
      plan(
        [change(group, { before: { count: 3 }, after: { count: 4 } })],
        [change(group, { before: { count: 2 }, after: { count: 3 } })],
      ),
    );
    expect(findings.map(({ kind, text }) => [kind, text])).toEqual([
      ["field", "is 3, was 2 at the last apply"],
      ["pending", "2 -> 4"],
    ]);
  });

  test("a value that moved to what the configuration says is nothing", () => {
    const { findings } = findingsOf(
      plan(
        [change(group, { actions: ["no-op"], before: { count: 3 }, after: { count: 3 } })],
        [change(group, { before: { count: 2 }, after: { count: 3 } })],
      ),
    );
    expect(findings).toEqual([]);
  });

  test("what is made or destroyed is named by its key on Fly, a group with its sizes", () => {
    const values = {
      id: "shop/web",
      machines: { ord: { count: 1 }, ams: { min: 2, max: 5, count: null } },
      guest: { cpu_kind: "shared", cpus: 2, memory_mb: 512 },
    };
    const { findings } = findingsOf(
      plan([
        change(group, { actions: ["create"], before: null, after: values }),
        change("fly_ip_address.v4", { actions: ["create"], before: null, after: { app: "shop", type: "shared_v4" } }),
        change("fly_app.old", { actions: ["delete"], before: { id: "old-shop" }, after: null }),
      ]),
    );
    expect(findings.map(({ text }) => text)).toEqual([
      "not there yet; apply makes shop/web (1 in ord, 2 to 5 in ams, 2 shared CPUs, 512 MB)",
      "not there yet; apply makes shared_v4 of shop",
      "no longer declared; apply destroys old-shop",
    ]);
  });

  test("an undeclared object that its policy does not remove is left by an apply", () => {
    const undeclared = { "secret/OLD": "set 2026-01-02", "volume/vol_1": "1 GB" };
    const { findings } = findingsOf(
      plan([
        change("fly_app_inventory.rest", {
          before: { undeclared, policy: { volume: "remove" } },
          after: { undeclared: {}, policy: { volume: "remove" } },
        }),
      ]),
    );
    expect(findings.map(({ path, left }) => [path, left])).toEqual([
      ["secret/OLD", true],
      ["volume/vol_1", undefined],
    ]);
  });

  test("each entry of divergence, undeclared and status is a finding of its own", () => {
    const { findings } = findingsOf(
      plan([
        change(group, {
          before: { divergence: { "148e": "guest.memory_mb is 512, declared 1024" } },
          after: { divergence: {} },
        }),
        change("fly_app_inventory.rest", {
          before: { undeclared: { "secret/OLD": "nobody declared it" } },
          after: { undeclared: {} },
        }),
        change("fly_process_group.web", {
          before: {
            divergence: {
              "region ord": "1 machine is missing (1 of 2)",
              "machine 683d": "unexpected: ord has 3, declared 2",
            },
          },
          after: { divergence: {} },
        }),
        change("fly_secrets.app", {
          before: { status: { A: "changed outside", B: "deleted outside", C: "source rotated" } },
          after: { status: {} },
        }),
      ]),
    );
    expect(findings.map(({ kind, path }) => `${kind} ${path}`)).toEqual([
      "field 148e",
      "undeclared secret/OLD",
      "missing region ord",
      "undeclared machine 683d",
      "field A",
      "missing B",
      "pending C",
    ]);
  });

  test("what is gone from Fly is missing, what was never there is pending", () => {
    const { findings, actions } = findingsOf(
      plan(
        [
          change("fly_volume.data", { actions: ["create"], before: null, after: {} }),
          change("fly_app.new", { actions: ["create"], before: null, after: {} }),
        ],
        [change("fly_volume.data", { actions: ["delete"], before: {}, after: null })],
      ),
    );
    expect(findings.map(({ kind, address }) => [kind, address])).toEqual([
      ["missing", "fly_volume.data"],
      ["pending", "fly_app.new"],
    ]);
    expect(actions).toEqual({ "fly_volume.data": "create", "fly_app.new": "create" });
  });

  test("no sensitive value is in a finding", () => {
    const { findings } = findingsOf(
      plan([
        change(group, {
          before: { token: { value: "before-secret" } },
          after: { token: { value: "after-secret" } },
          before_sensitive: { token: true },
          after_sensitive: { token: { value: true } },
        }),
      ]),
    );
    expect(findings[0]?.text).toBe("(sensitive) -> (sensitive)");
    expect(JSON.stringify(findings)).not.toContain("-secret");
  });

  test("a hostile value cannot reach the terminal", () => {
    const { findings } = findingsOf(
      plan([
        change(group, {
          before: { divergence: { "\u001b[2J": "is \r\u001b[31mred\u202e" } },
          after: { divergence: {} },
        }),
      ]),
    );
    expect(JSON.stringify(findings)).not.toMatch(/\\u001b|\\r|\u202e/);
    expect(findings[0]?.path).toBe("\\u{1b}[2J");
  });

  test("a value known only after apply is not counted beside a finding of its resource", () => {
    const unknown = {
      before: { version: 1, env: { A: "1" } },
      after: { env: { A: "2" } },
      after_unknown: { version: true },
    };
    expect(findingsOf(plan([change(group, unknown)])).findings.map(({ kind }) => kind)).toEqual(["pending"]);
    const alone = { before: { secrets_version: 1 }, after: {}, after_unknown: { secrets_version: true } };
    expect(findingsOf(plan([change(group, alone)])).findings).toEqual([
      { kind: "follows", address: group, path: "secrets_version", text: "1 -> (known after apply)" },
    ]);
  });

  test("one service more is one difference", () => {
    const http = { internal_port: 3000, protocol: "tcp" };
    const { findings } = findingsOf(
      plan(
        [change(group, { before: { services: [{ internal_port: 22 }, http] }, after: { services: [http] } })],
        [change(group, { before: { services: [http] }, after: { services: [{ internal_port: 22 }, http] } })],
      ),
    );
    expect(findings.map(({ path, text }) => `${path} ${text}`)).toEqual([
      'services[0] is {"internal_port":22}, not declared',
    ]);
  });
});
