import { cronAfter } from "../../constructs/workflows/part/local-time";
import { type Run, runWorkflow, type Scenario } from "./support/act";
import type { Answer, Stubs } from "./support/command-stub";
import { quietNotices } from "./support/fly-stub";
import { generated, managed } from "./support/generated";
import { describeWith } from "./support/tool";

const zone = "America/Los_Angeles";

describe("when drift-sweep.yml runs", () => {
  test.each<[string, string[], string, string]>([
    ["both offsets of a zone with summer time", ["09:00", "17:00"], zone, "4 0,1,16,17 * * *"],
    ["the one of a zone without", ["09:00"], "UTC", "4 9 * * *"],
    ["the next hour where the offset is no whole hour", ["09:00"], "Asia/Kolkata", "4 4 * * *"],
  ])("is %s", (_name, times, timeZone, cron) => {
    expect(cronAfter(times, timeZone, 4)).toBe(cron);
  });
});

const says = (value: unknown) => ({ says: JSON.stringify(value) });
const stack = { stack: "staging", outcome: "same", findings: [], troubles: [], actions: {} };
const drift = (change: object, code: number): Answer => ({
  on: "infra drift",
  ...says({ stacks: [{ ...stack, ...change }] }),
  code,
});
/** What this version of infra can do: no parity. */
const help: Answer = { on: "infra --help", says: "  drift\n" };
const backups = (made: string): Answer => ({
  on: "workflows/backup.yml",
  ...says({ workflow_runs: [{ id: 5, created_at: made }] }),
});
const gh: readonly Answer[] = [
  { on: "workflows/drift-sweep.yml", ...says({ workflow_runs: [] }) },
  backups(new Date().toISOString()),
  { on: "runs/5/artifacts", ...says({ artifacts: [{ expired: false, size_in_bytes: 900 }] }) },
  { on: "pr list", ...says([{ number: 7 }]) },
];
const stubs: Stubs = {
  go: {},
  npm: [drift({}, 0), help],
  gh,
  flyctl: { on: "apps list", ...says([{ Name: "hot-dash" }, { Name: "hotdash-pr-7" }]) },
};
const tree = { ...managed(), ...quietNotices };
const given: Scenario = {
  files: generated(),
  file: "drift-sweep.yml",
  event: "workflow_dispatch",
  tree,
  secrets: { FLY_API_TOKEN: "fly-token-canary", INFRA_APP_ID: "app-id-canary", INFRA_APP_KEY: "app-key-canary" },
  stubs,
};
/** Rows of the table in the report: "Parity WAITING". */
const results = ({ artifacts }: Run): readonly string[] =>
  [...(artifacts["gaps/gaps.md"] ?? "").matchAll(/^\| ([A-Z][a-z ]+) \| (PASS|FAIL|WAITING) \|$/gm)].map(
    ([, name, result]) => `${name} ${result}`,
  );
const all = (failed: readonly string[]) =>
  ["Infrastructure", "Secrets", "Docs policy", "Secret scan", "Parity", "Previews", "Backup"].map((name) => {
    if (failed.includes(name)) return `${name} FAIL`;
    return name === "Parity" ? `${name} WAITING` : `${name} PASS`;
  });

describeWith(["act"], "a run of drift-sweep.yml", () => {
  const field = {
    kind: "field",
    address: "fly_process_group.app",
    path: "guest.memory_mb",
    text: "512, declared 1024",
  };
  const oldSecret = { severity: "warning", summary: "Old secrets", detail: "OPENAI is 120 days old [fly/secret-age]" };
  const plays: readonly [string, Partial<Scenario>, readonly string[], string][] = [
    ["passes where nothing differs", {}, [], "Summary: 6 of 6 pass; every check passes."],
    [
      "fails on drift and on a secret over its age, names both, and tells the recipients",
      { stubs: { ...stubs, npm: [drift({ outcome: "differs", findings: [field], troubles: [oldSecret] }, 2), help] } },
      ["Infrastructure", "Secrets"],
      "staging fly_process_group.app guest.memory_mb 512, declared 1024",
    ],
    [
      "fails where infra cannot say",
      { stubs: { ...stubs, npm: [{ on: "infra drift", complains: "the state is locked", code: 1 }, help] } },
      ["Infrastructure"],
      "the state is locked",
    ],
    [
      "fails on a stray page, a leak, a difference between staging and production, an orphan and an old backup",
      {
        tree: { ...tree, "app/notes.md": "# Notes\n" },
        stubs: {
          go: {},
          gitleaks: { code: 9 },
          npm: [
            drift({}, 0),
            { on: "infra --help", says: "  parity\n" },
            { on: "infra parity", says: "memory differs", code: 2 },
          ],
          gh: [backups("2026-01-01T00:00:00Z"), ...gh],
          flyctl: { on: "apps list", ...says([{ Name: "hotdash-pr-8" }, { Name: "hotdash-pr-x" }]) },
        },
      },
      ["Docs policy", "Secret scan", "Parity", "Previews", "Backup"],
      "hotdash-pr-8: pull request 8 is closed",
    ],
  ];
  test.each(plays)("%s", async (_name, change, failed, text) => {
    const found = await runWorkflow({ ...given, ...change });
    expect(results(found)).toEqual(all(failed));
    expect(found.artifacts["gaps/gaps.md"]).toContain(text);
    expect(found.jobs).toEqual({ due: "success", sweep: failed.length === 0 ? "success" : "failure" });
    expect(found.log.includes("notice: --kind drift")).toBe(failed.length > 0);
    const token = found.uses.find(({ action }) => action === "actions/create-github-app-token");
    const levels = Object.entries(token?.with ?? {}).filter(([name, level]) => name.startsWith("permission-") && level);
    expect(new Set(levels.map(([, level]) => level))).toEqual(new Set(["read"]));
    const sweeping = found.calls.find(({ line }) => line.includes("infra drift"));
    expect(sweeping?.line).toContain("--heartbeat reports/status/heartbeat.json");
    expect(sweeping?.env).toMatchObject({ FLY_API_TOKEN: "fly-token-canary", GITHUB_TOKEN: "token-of-the-app" });
  });

  test("does not sweep twice for one time of day", async () => {
    const earlier = { on: "workflows/drift-sweep.yml", ...says({ workflow_runs: [{ run_number: 0 }] }) };
    const found = await runWorkflow({ ...given, event: "schedule", stubs: { ...stubs, gh: earlier } });
    expect(found.jobs).toEqual({ due: "success", sweep: "skipped" });
  });
});
