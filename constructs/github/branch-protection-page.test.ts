import { repository } from "../../config/repository";
import { renderBranchProtection } from "./branch-protection-page";
import { governance } from "./governance";

const page = (mechanism: "ruleset" | "classic") =>
  renderBranchProtection(governance({ ...repository, protection: { ...repository.protection, mechanism } }));

test.each(["ruleset", "classic"] as const)("says under %s every required check and how to confirm", (mechanism) => {
  const text = page(mechanism);
  for (const check of repository.protection.requiredChecks) expect(text).toContain(`| Check \`${check}\` | required`);
  const path = mechanism === "ruleset" ? "rules/branches/main" : "branches/main/protection";
  expect(text).toContain(`gh api repos/:owner/:repo/${path}`);
});

test("names the App of each check where the mechanism pins it, and what it cannot do where not", () => {
  expect(page("ruleset")).toContain("| Check `lint` | required, reported by App 15368 |");
  expect(page("classic")).toContain("cannot pin a check to the App");
  expect(page("classic")).not.toContain("reported by App 15368");
});

test("says who may bypass, who approves a deployment, and what is never off", () => {
  const text = page("ruleset");
  expect(text).toContain("May bypass: team `break-glass`; every bypass is reported.");
  expect(text).toContain("| `production` | none | `main` | `v*.*.*` |");
  expect(text).toContain("Push protection and secret scanning are on");
});

test("is Markdown whose tables have as many cells in each row as in their head", () => {
  for (const table of page("ruleset").matchAll(/(?:^\|.*\|\n)+/gm)) {
    const widths = table[0]
      .trimEnd()
      .split("\n")
      .map((row) => row.split("|").length);
    expect(new Set(widths).size).toBe(1);
  }
});
