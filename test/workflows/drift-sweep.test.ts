import { cronAfter } from "../../constructs/workflows/part/local-time";
import { reportJson } from "../../report/json";
import { reportMarkdown } from "../../report/markdown";
import { type Check, exitCodeOf, type Finding, type Report, type StackReport } from "../../report/model";
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
/** `infra drift` that finds this: its JSON, and the file that it writes. */
function drift(checks: readonly Check[], findings: readonly Finding[] = []): Answer {
  const stack: StackReport = {
    stack: "staging",
    outcome: findings.length > 0 ? "differs" : "same",
    resources: 6,
    findings,
    actions: {},
    troubles: [],
    notes: [],
  };
  const report: Report = { command: "drift", stacks: [stack], checkedAt: "2026-11-21T18:00:00.000Z", checks };
  return {
    on: "infra drift",
    says: reportJson(report),
    does: `cat > "$OLDPWD/reports/status/gaps.md" <<'END'\n${reportMarkdown(report, { title: "Drift" })}END\n`,
    code: exitCodeOf(report),
  };
}
const names = ["Infrastructure", "Secrets", "Docs policy", "Secret scan", "Backup", "Parity", "Previews"];
const checks = (...failed: readonly string[]): readonly Check[] =>
  names.map((name) => ({ name, verdict: failed.includes(name) ? "fail" : "pass", lines: [] }));
const gh: Answer = { on: "workflows/drift-sweep.yml", ...says({ workflow_runs: [] }) };
const stubs: Stubs = { go: {}, npm: drift(checks()), gh };
const tree = { ...managed(), ...quietNotices };
const given: Scenario = {
  files: generated(),
  file: "drift-sweep.yml",
  event: "workflow_dispatch",
  tree,
  secrets: { FLY_API_TOKEN: "fly-token-canary", INFRA_APP_ID: "app-id-canary", INFRA_APP_KEY: "app-key-canary" },
  stubs,
};
/** Rows of the table in the report: "Parity FAIL". */
const results = ({ artifacts }: Run): readonly string[] =>
  [...(artifacts["gaps/gaps.md"] ?? "").matchAll(/^\| ([A-Z][a-z ]+) \| (PASS|FAIL|ERROR) \|$/gm)].map(
    ([, name, result]) => `${name} ${result}`,
  );

describeWith(["act"], "a run of drift-sweep.yml", () => {
  const field: Finding = {
    kind: "field",
    address: "fly_process_group.app",
    path: "guest.memory_mb",
    text: "is 512, declared 1024",
  };
  const plays: readonly [string, Answer, readonly string[], string][] = [
    ["passes where nothing differs", drift(checks()), [], "Summary: 7 of 7 pass; every check passes."],
    [
      "fails on a check that fails, names it, and tells the recipients",
      drift(checks("Infrastructure", "Secret scan"), [field]),
      ["Infrastructure FAIL", "Secret scan FAIL"],
      "- `fly_process_group.app guest.memory_mb`: `is 512, declared 1024`",
    ],
    [
      "fails where infra cannot say",
      { on: "infra drift", complains: "the state is locked", code: 1 },
      ["Infrastructure ERROR"],
      "the state is locked",
    ],
  ];
  test.each(plays)("%s", async (_name, npm, failed, text) => {
    const found = await runWorkflow({ ...given, stubs: { ...stubs, npm } });
    expect(results(found).filter((line) => !line.endsWith(" PASS"))).toEqual(failed);
    expect(found.artifacts["gaps/gaps.md"]).toContain(text);
    expect(found.jobs).toEqual({ due: "success", sweep: failed.length === 0 ? "success" : "failure" });
    expect(found.log.includes("notice: --kind drift")).toBe(failed.length > 0);
    const token = found.uses.find(({ action }) => action === "actions/create-github-app-token");
    const levels = Object.entries(token?.with ?? {}).filter(([name, level]) => name.startsWith("permission-") && level);
    expect(new Set(levels.map(([, level]) => level))).toEqual(new Set(["read"]));
    const sweeping = found.calls.find(({ line }) => line.includes("infra drift"));
    expect(sweeping?.line).toContain("--markdown reports/status/gaps.md --html reports/status/gaps.html");
    expect(sweeping?.line).toContain("--heartbeat reports/status/heartbeat.json");
    expect(sweeping?.line).toContain("--issue");
    expect(sweeping?.env).toMatchObject({ FLY_API_TOKEN: "fly-token-canary", INFRA_READ_TOKEN: "token-of-the-app" });
    expect(sweeping?.env.GITHUB_TOKEN).not.toBe("token-of-the-app");
  });

  test("does not sweep twice for one time of day", async () => {
    const earlier = { on: "workflows/drift-sweep.yml", ...says({ workflow_runs: [{ run_number: 0 }] }) };
    const found = await runWorkflow({ ...given, event: "schedule", stubs: { ...stubs, gh: earlier } });
    expect(found.jobs).toEqual({ due: "success", sweep: "skipped" });
  });
});
