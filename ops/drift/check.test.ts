import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Check, Finding, StackReport } from "../../report/model";
import { checksOf, otherChecks } from "./check";

const finding = (address: string, path: string, kind: Finding["kind"] = "field"): Finding => ({
  kind,
  address,
  path,
  text: "",
});
const stack = (name: string, outcome: StackReport["outcome"], ...findings: readonly Finding[]): StackReport => ({
  stack: name,
  outcome,
  resources: 1,
  findings,
  actions: {},
  troubles: [],
  notes: [],
});
const told = (checks: readonly Check[]) =>
  checks.map(({ name, verdict, lines }) => [name, verdict, ...lines].join(" | "));

test.each([
  ["nothing", [stack("a", "same")], ["Infrastructure | pass", "Secrets | pass"]],
  [
    "what only follows",
    [stack("a", "differs", finding("fly_app.a", "x", "follows"))],
    ["Infrastructure | pass", "Secrets | pass"],
  ],
  [
    "a field and secrets",
    [
      stack(
        "a",
        "differs",
        finding("fly_app.a", "x"),
        finding("fly_secrets.a", "KEY"),
        finding("github:o/n", "secret/A"),
      ),
      stack("b", "differs", finding("fly_app.b", "", "pending")),
    ],
    ["Infrastructure | fail | a: 1 difference | b: 1 difference", "Secrets | fail | a: 2 differences"],
  ],
  [
    "a stack that could not be read",
    [stack("a", "error"), stack("b", "same")],
    ["Infrastructure | error | not read in full: a", "Secrets | error | not read in full: a"],
  ],
])("%s", (_what, stacks, expected) => {
  expect(told(checksOf(stacks))).toEqual(expected);
});

describe("a project's own checks", () => {
  const directory = mkdtempSync(join(tmpdir(), "infra-check-"));
  writeFileSync(join(directory, "cdk.tf.json"), JSON.stringify({ resource: {} }));
  afterAll(() => rmSync(directory, { recursive: true }));
  const never = new AbortController().signal;
  const running = {
    env: process.env,
    interruption: { soft: never, hard: never },
    reattach: undefined,
    progress: () => {},
    say: () => {},
  };
  const names = (...stacks: readonly string[]) => stacks.map((name) => ({ name, directory, dependencies: [] }));
  const made = async (...stacks: readonly string[]) =>
    told(await otherChecks({ stacks: names(...stacks), running, directory, fly: undefined }));

  test("are not made where they are not there", async () => {
    expect(await made("staging")).toEqual([
      "Docs policy | skip | no scripts/policy/check-docs.mjs",
      "Secret scan | skip | no scripts/policy/scan.sh",
      "Backup | skip | no scripts/ops/backup-age.mjs",
      "Parity | skip | not both of staging and production",
      "Ready versions | skip | no stack here says how many",
    ]);
  });

  test("pass or fail as their scripts end, and say what these say; nothing of it moves the cursor", async () => {
    mkdirSync(join(directory, "scripts", "policy"), { recursive: true });
    writeFileSync(join(directory, "scripts", "policy", "check-docs.mjs"), "console.log('fine')");
    writeFileSync(join(directory, "scripts", "policy", "scan.sh"), "printf 'a.ts:3 \\033[31mkey\\nb.ts:4' >&2; exit 9");
    expect(await made("staging", "production")).toEqual([
      "Docs policy | pass",
      "Secret scan | fail | a.ts:3 \\u{1b}[31mkey | b.ts:4",
      "Backup | skip | no scripts/ops/backup-age.mjs",
      "Parity | error | FLY_API_TOKEN is not set",
      "Ready versions | skip | no stack here says how many",
    ]);
  });
});
