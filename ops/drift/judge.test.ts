import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Finding, StackReport, Trouble } from "../../report/model";
import { judge } from "./judge";

const now = Date.parse("2026-11-21T12:00:00Z");
const directory = mkdtempSync(join(tmpdir(), "infra-judge-"));
const app = `\${fly_app.web.name}`;
writeFileSync(
  join(directory, "cdk.tf.json"),
  JSON.stringify({
    resource: {
      fly_app: { web: { name: "shop" } },
      fly_app_inventory: { web: { app } },
      fly_process_group: { web: { app } },
      fly_secrets: { web: { app } },
    },
  }),
);
afterAll(() => rmSync(directory, { recursive: true }));

const judged = (findings: readonly Finding[], troubles: readonly Trouble[] = []): StackReport =>
  judge(
    {
      stack: "web",
      outcome: findings.length > 0 ? "differs" : "same",
      resources: 4,
      findings,
      actions: {},
      troubles,
      notes: [],
    },
    { name: "web", directory, dependencies: [] },
    now,
  );
const undeclared = (path: string, text = "nobody declared it (x)"): Finding => ({
  kind: "undeclared",
  address: "fly_app_inventory.web",
  path,
  text,
  left: true,
});
const then = "then: npx infra plan web";

const rows: readonly (readonly [what: string, finding: Finding, apply: string, adopt: string])[] = [
  [
    "a field",
    {
      kind: "field",
      address: "fly_process_group.web",
      path: "guest.memory_mb",
      text: "is 512, declared 1024",
      was: 1024,
      is: 512,
    },
    "npx infra apply web",
    `set guest.memory_mb to 512 in the configuration, ${then}`,
  ],
  [
    "one machine",
    { kind: "field", address: "fly_process_group.web", path: "app-1 (9e6b)", text: "cordoned" },
    "npx infra apply web",
    `write it into the configuration for the whole group, ${then}`,
  ],
  [
    "a secret",
    undeclared("secret/OLD"),
    "fly secrets unset OLD --app shop",
    "declare secret/OLD in the configuration, then: npx infra adopt web",
  ],
  [
    "an address",
    undeclared("address/1.2.3.4"),
    "fly ips release 1.2.3.4 --app shop",
    "declare address/1.2.3.4 in the configuration, then: npx infra adopt web",
  ],
  [
    "a group",
    undeclared("group/old", "nobody declared it (machines 9e, 8f)"),
    "fly machine destroy --force 9e 8f --app shop",
    "declare group/old in the configuration, then: npx infra adopt web",
  ],
  [
    "what GitHub's audit says by hand",
    {
      kind: "undeclared",
      address: "github:o/n",
      path: "variable/X",
      text: "nobody declared it; remove it: gh variable delete X",
      left: true,
    },
    "gh variable delete X",
    `declare variable/X in the configuration, ${then}`,
  ],
  [
    "what is gone",
    { kind: "missing", address: "fly_app.web", path: "", text: "is gone from Fly" },
    "npx infra apply web",
    `take fly_app.web out of the configuration, ${then}`,
  ],
  [
    "a pending change",
    { kind: "pending", address: "fly_process_group.web", path: "env.A", text: "1 -> 2" },
    "npx infra apply web",
    `take the change back in the configuration, ${then}`,
  ],
];

test.each(rows)("says what can be done about %s", (_what, finding, apply, adopt) => {
  const [one] = judged([finding]).findings;
  const letBe = (option: string) =>
    `npx infra drift web ${option} ${one?.id} --until <day> --owner <login> --reason '<why>'`;
  expect(one?.remedies).toMatchObject({ apply, adopt, ignore: letBe("--ignore"), known: letBe("--known") });
});

test("the entry to paste is one line of YAML for this finding, for thirty days", () => {
  const [one] = judged([undeclared("secret/OLD")]).findings;
  expect(one?.remedies?.entry).toBe(
    "- { kind: ignore, stack: web, address: fly_app_inventory.web, path: secret/OLD, reason: <why>, owner: <login>, until: 2026-12-21 }",
  );
});

test("an id is of the stack, the address and the path, and of nothing else", () => {
  const ids = [undeclared("a", "one"), undeclared("a", "two"), undeclared("b")].map(
    (one) => judged([one]).findings[0]?.id,
  );
  expect(ids[0]).toMatch(/^[0-9a-f]{8}$/);
  expect([ids[0] === ids[1], ids[0] === ids[2]]).toEqual([true, false]);
});

test("a secret over its age is a finding of its own, where a plan only warns", () => {
  const old: Trouble = {
    severity: "warning",
    address: "fly_secrets.web",
    summary: "2 secrets are older than 90 days",
    detail: "App shop: API_KEY (2026-01-01), TOKEN (2026-08-01). Make new values. [fly/secret-age]",
  };
  const other: Trouble = { severity: "warning", summary: "Something else", detail: "KEY (2026-01-01)" };
  const { outcome, findings, troubles } = judged([], [old, other]);
  expect({ outcome, troubles }).toEqual({ outcome: "differs", troubles: [other] });
  expect(findings).toMatchObject([
    { path: "API_KEY age_days", is: 324, severity: "high", left: true },
    { path: "TOKEN age_days", is: 112 },
  ]);
  expect(findings[0]?.remedies?.apply).toBe("put a new value at its source, then: npx infra apply web");
});

test("what only follows from another finding is not judged", () => {
  const follows: Finding = { kind: "follows", address: "fly_app.web", path: "", text: "is updated" };
  expect(judged([follows]).findings).toEqual([follows]);
});
