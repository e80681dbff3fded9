import { parse } from "yaml";
import type { Overrides } from "../../config/override";
import { type Run, runWorkflow, type Scenario } from "./support/act";
import type { Answer } from "./support/command-stub";
import { quietNotices } from "./support/fly-stub";
import { generated, hotDashWith, managed } from "./support/generated";
import { describeWith } from "./support/tool";

const cron = (overrides: Overrides) =>
  parse(generated(hotDashWith(overrides))["backup.yml"] ?? "").on.schedule[0].cron as string;

test("backup.yml runs as often as backup.frequency says", () => {
  expect(cron({})).toBe("23 9 * * *");
  expect(cron({ "backup.frequency": "weekly" })).toBe("23 9 * * 0");
});

/** A dump as the Supabase CLI leaves it, by its flags; `--file` is followed by the file. */
const dump = (data: string) =>
  [
    `file="$*"; file="\${file#*--file }"; file="\${file%% *}"`,
    'case "$*" in',
    '  *--role-only*) echo "CREATE ROLE x;" > "$file" ;;',
    `  *--data-only*) printf '${data}' > "$file" ;;`,
    '  *) echo "CREATE TABLE ideas ();" > "$file" ;;',
    "esac",
  ].join("\n");
const whole = "SET session_replication_role = replica;\\nCOPY ideas FROM stdin;\\ncustomer-row\\n\\\\.\\nRESET ALL;\\n";
const says = (value: unknown) => ({ says: JSON.stringify(value) });
/** The newest sweep that kept its record was so many hours ago; a later one kept none. */
function sweeps(hours: number): readonly Answer[] {
  const at = (ago: number) => new Date(Date.now() - ago * 3_600_000).toISOString();
  const runs = [
    { id: 8, event: "schedule", created_at: at(1) },
    { id: 7, event: "schedule", created_at: at(hours) },
  ];
  const asked = `created=%3E%3D${at(26).slice(0, 13)}`;
  return [
    { on: asked, ...says({ workflow_runs: hours > 26 ? runs.slice(0, 1) : runs }) },
    { on: "runs/7/artifacts?name=heartbeat", ...says({ artifacts: [{ name: "heartbeat" }] }) },
    { on: "runs/8/artifacts", ...says({ artifacts: [] }) },
  ];
}
const given: Scenario = {
  files: generated(),
  file: "backup.yml",
  event: "schedule",
  tree: { ...managed(), ...quietNotices },
  secrets: {
    BACKUP_DATABASE_URL: "postgres://backup:database-canary@db.example.org:5432/postgres",
    BACKUP_PASSPHRASE: "passphrase-canary-of-length",
  },
  stubs: { supabase: { does: dump(whole) }, gh: sweeps(4) },
};

describeWith(["act"], "a run of backup.yml", () => {
  const plays: readonly [string, Partial<Scenario>, Partial<Run>, RegExp | undefined][] = [
    [
      "keeps the dump encrypted, with its checksum",
      {},
      { jobs: { backup: "success", sweeps: "success" } },
      /^database-[\dTZ-]+\.tar\.gz$/,
    ],
    [
      "keeps nothing of a dump that stops early, and tells the recipients",
      { stubs: { ...given.stubs, supabase: { does: dump("SET session_replication_role = replica;\\n") } } },
      {
        jobs: { backup: "failure", sweeps: "success" },
        log: expect.stringMatching(/stop before the end[\s\S]*notice: --kind backup/),
      },
      undefined,
    ],
    [
      "tells the recipients where no sweep was heard of for more than a day, and keeps the dump all the same",
      { stubs: { ...given.stubs, gh: sweeps(27) } },
      {
        jobs: { backup: "success", sweeps: "success" },
        log: expect.stringMatching(/no sweep since[\s\S]*notice: --kind drift --summary The drift sweep is silent/),
      },
      /^database-[\dTZ-]+\.tar\.gz$/,
    ],
    [
      "keeps nothing where it could not be encrypted",
      { secrets: { ...given.secrets, BACKUP_PASSPHRASE: "short" } },
      { jobs: { backup: "failure", sweeps: "success" }, log: expect.stringContaining("fewer than 20 characters") },
      undefined,
    ],
  ];
  test.each(plays)("%s", async (_name, change, expected, name) => {
    const found = await runWorkflow({ ...given, ...change });
    expect(found).toMatchObject(expected);
    if (found.log.includes("swept at")) expect(found.log).not.toContain("--kind drift");
    const kept = Object.keys(found.artifacts).map((path) => path.replace(/^database-backup\//, ""));
    const archive = kept.find((one) => one.endsWith(".gpg"))?.replace(/\.gpg$/, "");
    if (name) {
      expect(archive).toMatch(name);
      expect(kept.sort()).toEqual([`${archive}.gpg`, `${archive}.sha256`]);
    } else expect(archive).toBeUndefined();
  });
});
