import { parse } from "yaml";
import { type Run, runWorkflow, type Scenario } from "./support/act";
import type { Answer } from "./support/command-stub";
import { quietNotices } from "./support/fly-stub";
import { generated, hotDashWith, managed } from "./support/generated";
import { describeWith } from "./support/tool";

describe("restore-drill.yml", () => {
  test("runs four times a year, and reaches no database but staging's", () => {
    const { on, jobs } = parse(generated()["restore-drill.yml"] ?? "");
    expect(on.schedule).toEqual([{ cron: "19 15 5 1,4,7,10 *" }]);
    const read = [...JSON.stringify(jobs).matchAll(/secrets\.(\w*DATABASE_URL)/g)].map(([, name]) => name);
    expect(read).toEqual(["STAGING_DATABASE_URL"]);
  });

  test("is not there where there is no staging", () => {
    expect(generated(hotDashWith({ "production.app": "hotdash-staging" }))).not.toHaveProperty(["restore-drill.yml"]);
  });
});

const says = (value: unknown) => ({ says: JSON.stringify(value) });
const gh: readonly Answer[] = [
  {
    on: "workflows/backup.yml",
    ...says({ workflow_runs: [{ id: 6, created_at: "2026-11-20T09:23:00Z" }, { id: 5 }] }),
  },
  { on: "runs/6/artifacts", ...says({ artifacts: [{ expired: true }] }) },
  { on: "runs/5/artifacts", ...says({ artifacts: [{ expired: false, size_in_bytes: 900 }] }) },
  { on: "run download 5", does: 'mkdir "$OLDPWD/backups"; echo sealed > "$OLDPWD/backups/database-1.tar.gz.gpg"' },
];
/** Takes the place of the script, which test/managed tries on a real database: writes its log, and fails when told to. */
const restore = (code: number) =>
  `#!/bin/bash\nmkdir -p artifacts/restores; echo "restore $*" | tee "$RESTORE_LOG"; [ -n "$DATABASE_URL" ]; exit ${code}\n`;
const tree = { ...managed(), ...quietNotices };
const given: Scenario = {
  files: generated(),
  file: "restore-drill.yml",
  event: "schedule",
  tree: { ...tree, "scripts/backup/restore-database.sh": restore(0) },
  secrets: {
    STAGING_DATABASE_URL: "postgres://a:database-canary@b/c",
    BACKUP_PASSPHRASE: "passphrase-canary-of-length",
  },
  stubs: { gh, gpg: { does: 'touch "$OLDPWD/backups/database-1.tar.gz"' }, gpgconf: {} },
};

describeWith(["act"], "a run of restore-drill.yml", () => {
  const plays: readonly [string, Partial<Scenario>, Partial<Run>][] = [
    [
      "restores the newest backup that is still kept into staging, and keeps the log",
      {},
      {
        jobs: { restore: "success" },
        commands: expect.arrayContaining(["gh run download 5 --name database-backup --dir backups"]),
        artifacts: { "restore-log/log.jsonl": "restore backups/database-1.tar.gz staging --replace\n" },
      },
    ],
    [
      "tells the recipients when it fails, and keeps the log all the same",
      { tree: { ...tree, "scripts/backup/restore-database.sh": restore(1) } },
      {
        jobs: { restore: "failure" },
        artifacts: { "restore-log/log.jsonl": expect.any(String) },
        log: expect.stringContaining("notice: --kind backup"),
      },
    ],
    [
      "restores nothing that was not sealed with the passphrase",
      { stubs: { gh, gpg: { code: 2 }, gpgconf: {} } },
      {
        jobs: { restore: "failure" },
        artifacts: {},
        log: expect.stringContaining("was changed, or BACKUP_PASSPHRASE"),
      },
    ],
    [
      "fails where there is no backup",
      { stubs: { gh: { on: "workflows/backup.yml", ...says({ workflow_runs: [] }) } } },
      { jobs: { restore: "failure" }, artifacts: {}, log: expect.stringContaining("backup.yml keeps none") },
    ],
  ];
  test.each(plays)("%s", async (_name, change, expected) => {
    expect(await runWorkflow({ ...given, ...change })).toMatchObject(expected);
  });
});
