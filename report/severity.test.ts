import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { Finding } from "./model";
import { bySeverity, severityCounts, severityOf, severityTable } from "./severity";

const rows: readonly (readonly [expected: string, finding: Partial<Finding>])[] = [
  [
    "critical",
    { address: "github:o/n", path: "ruleset/history enforcement", text: 'is "disabled", declared "active"' },
  ],
  ["critical", { address: "github:o/n", path: "ruleset/merge policy bypass_actors.Team", text: 'is "always"' }],
  ["critical", { address: "github:o/n", path: "team/break-glass override/lint", text: "is open" }],
  ["critical", { address: "terraform_data.drift_gate", path: "ruleset/history", kind: "missing", text: "is missing" }],
  ["critical", { address: "fly_app.hotdash", path: "", kind: "missing", text: "is gone from Fly" }],
  ["critical", { address: "github:o/n", path: "deploy_key/7", kind: "undeclared", text: "nobody declared it" }],
  ["high", { address: "github:o/n", path: "ruleset/merge policy rules.pull_request.count", text: "is 0, declared 1" }],
  ["high", { address: "github_repository_ruleset.main", path: "rules[0].creation", text: "is true, declared false" }],
  ["high", { address: "fly_secrets.app", path: "DATABASE_URL", text: "changed outside" }],
  ["high", { address: "fly_app_inventory.app", path: "secret/OLD", kind: "undeclared", text: "nobody declared it" }],
  ["high", { address: "fly_app_inventory.app", path: "address/1.2.3.4", kind: "undeclared", text: "nobody" }],
  ["high", { address: "github:o/n", path: "webhook/4", kind: "undeclared", text: "nobody declared it" }],
  ["high", { address: "fly_process_group.app", path: "services[0].ports[2]", text: "is 9999, not declared" }],
  ["high", { address: "github:o/n", path: "environment/production branches[0]", text: 'is "evil/*"' }],
  ["high", { address: "github:o/n", path: ".github/workflows/ci.yml", text: "line 3 is another" }],
  ["high", { address: "fly_process_group.app", path: "app-1 (9e)", text: "stopped by a user" }],
  ["high", { address: "fly_process_group.app", path: "region ord", kind: "missing", text: "1 machine is missing" }],
  ["high", { address: "fly_process_group.app", path: "image", text: 'is "a:2", declared "a:1"' }],
  ["high", { address: "fly_volume.data", path: "", kind: "pending", text: "destroys it" }],
  ["medium", { address: "fly_process_group.app", path: "guest.memory_mb", text: "is 512, declared 1024" }],
  ["medium", { address: "github:o/n", path: "variable/STRAY", kind: "undeclared", text: "nobody declared it" }],
  ["low", { address: "github:o/n", path: "label/bug color", text: "is another" }],
  ["low", { address: "github:o/n", path: "repository description", text: "is another" }],
  ["low", { address: "fly_process_group.app", path: "env.A", kind: "pending", text: "1 -> 2" }],
  ["low", { address: "fly_secrets.app", path: "KEY", kind: "pending", text: "source rotated" }],
];

/** In a stack whose next apply destroys a volume. */
const judged = (part: Partial<Finding>) =>
  severityOf({ kind: "field", address: "", path: "", text: "", ...part }, { "fly_volume.data": "delete" });

test.each(rows)("%s: %j", (expected, part) => {
  expect(judged(part).severity).toBe(expected);
});

test("every row of the table is needed for one of these, and the page shows each with its severity", () => {
  const used = rows.map(([, part]) => judged(part).why);
  const page = readFileSync(join(__dirname, "..", "docs", "drift-report.md"), "utf8");
  for (const { severity, why } of severityTable) {
    expect(used).toContain(why);
    expect(page).toContain(`| ${severity} | ${why} |`);
  }
});

test("the worst come first, and are counted", () => {
  const of = (severity: Finding["severity"], path: string): Finding => ({
    kind: "field",
    address: "a",
    path,
    text: "",
    ...(severity && { severity }),
  });
  const sorted = bySeverity([of("low", "1"), of(undefined, "2"), of("critical", "3"), of("low", "4")]);
  expect(sorted.map(({ path }) => path)).toEqual(["3", "1", "4", "2"]);
  expect(severityCounts(sorted)).toBe("1 critical, 2 low");
});
