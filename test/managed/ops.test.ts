import { existsSync } from "node:fs";
import { join } from "node:path";
import { type ManagedRepository, managedRepository } from "./support/managed-repository";

let repository: ManagedRepository;
beforeAll(() => {
  repository = managedRepository();
});
afterAll(() => repository.remove());

describe("sweep-due.mjs", () => {
  /** A gh that knows scheduled runs which began at these instants, numbered from 1, and answers as GitHub does: those since the asked instant. */
  const gh = (...begun: string[]) => `#!/usr/bin/env node
const since = decodeURIComponent(process.argv[3]).match(/created=>=([^&]+)/)[1];
const runs = ${JSON.stringify(begun)}.map((created_at, index) => ({ created_at, run_number: index + 1 }));
console.log(JSON.stringify({ workflow_runs: runs.filter((one) => one.created_at >= since) }));
`;
  const decide = (now: string, env: NodeJS.ProcessEnv) =>
    repository.run("node", ["scripts/ops/sweep-due.mjs", "--now", now], {
      PATH: `${repository.folder}/node_modules/stub:${process.env.PATH}`,
      ...env,
    });

  it.each<[string, string, string[], string, boolean]>([
    ["in summer, at once", "2026-07-01T16:04:00Z", ["2026-07-01T00:04:00Z"], "2026-07-01T16:00:00.000Z", true],
    [
      "in summer, not again an hour later",
      "2026-07-01T17:04:00Z",
      ["2026-07-01T16:04:00Z"],
      "2026-07-01T16:00:00.000Z",
      false,
    ],
    [
      "in summer, an hour later where GitHub dropped the first",
      "2026-07-01T17:04:00Z",
      [],
      "2026-07-01T16:00:00.000Z",
      true,
    ],
    ["in winter, not at eight", "2026-01-15T16:04:00Z", ["2026-01-15T01:04:00Z"], "2026-01-15T01:00:00.000Z", false],
    ["in winter, at nine", "2026-01-15T17:04:00Z", ["2026-01-15T16:04:00Z"], "2026-01-15T17:00:00.000Z", true],
    ["in the evening", "2026-07-02T00:30:00Z", ["2026-07-01T16:04:00Z"], "2026-07-02T00:00:00.000Z", true],
    [
      "on the day that the clocks go forward",
      "2026-03-08T16:04:00Z",
      ["2026-03-08T01:04:00Z"],
      "2026-03-08T16:00:00.000Z",
      true,
    ],
  ])("%s (%s)", async (_name, now, begun, since, due) => {
    repository.write("node_modules/stub/gh", gh(...begun));
    const own = String(begun.length + 1);
    const { code, output } = await decide(now, { GITHUB_EVENT_NAME: "schedule", GITHUB_RUN_NUMBER: own });
    expect({ code, due: output.includes("due=true"), since: output.includes(`since ${since}`) }).toEqual({
      code: 0,
      due,
      since: true,
    });
  });

  it.each([
    ["by hand", { GITHUB_EVENT_NAME: "workflow_dispatch" }],
    ["again", { GITHUB_EVENT_NAME: "schedule", GITHUB_RUN_ATTEMPT: "2" }],
  ])("is always due %s", async (_name, env) => {
    expect(await decide("2026-07-01T12:00:00Z", env)).toMatchObject({ output: expect.stringContaining("due=true") });
  });
});

describe("seal.sh", () => {
  const passphrase = "a passphrase of some length";
  const seal = (verb: string, file: string, BACKUP_PASSPHRASE = passphrase) =>
    repository.run("bash", ["scripts/backup/seal.sh", verb, file], { BACKUP_PASSPHRASE });

  it("gives back what it sealed, and leaves no plain text meanwhile", async () => {
    repository.write("node_modules/sealed", "customer-row\n".repeat(100));
    const { code, output } = await seal("seal", "node_modules/sealed");
    expect(output + code).toBe("sealed: node_modules/sealed.gpg\n0");
    expect(existsSync(join(repository.folder, "node_modules/sealed"))).toBe(false);
    expect(repository.read("node_modules/sealed.gpg")).not.toContain("customer-row");
    expect(await seal("open", "node_modules/sealed.gpg")).toMatchObject({ code: 0 });
    expect(repository.read("node_modules/sealed")).toBe("customer-row\n".repeat(100));
  });

  it.each([
    [
      "another passphrase",
      "open",
      "node_modules/sealed.gpg",
      "a passphrase of another kind",
      "was changed, or BACKUP_PASSPHRASE",
    ],
    ["a short one", "seal", "node_modules/sealed.gpg", "short", "fewer than 20 characters"],
    ["a file that is not there", "seal", "node_modules/nothing", passphrase, "is no file"],
  ])("refuses %s", async (_name, verb, file, given, words) => {
    expect(await seal(verb, file, given)).toMatchObject({ code: 1, output: expect.stringContaining(words) });
  });

  it("refuses a file that was changed", async () => {
    await repository.run("bash", ["-c", "printf x | dd of=node_modules/sealed.gpg bs=1 seek=60 conv=notrunc"]);
    expect(await seal("open", "node_modules/sealed.gpg")).toMatchObject({ code: 1 });
  });
});

it.each([
  ["reader@db.example.org:5432/postgres", "db.example.org:5432/postgres"],
  ["reader.abcdef@pooler.example.org:5432/postgres", "abcdef@pooler.example.org:5432/postgres"],
])("tells the database %s from others by its place, whatever the role", async (identity, place) => {
  const script = `. scripts/backup/database.sh; place ${identity}`;
  expect(await repository.run("bash", ["-c", script])).toEqual({ code: 0, output: `${place}\n` });
});

describe("backup-age.mjs", () => {
  /** A gh that knows one run of backup.yml, made this many hours ago, with an artifact of this size; undefined: none is kept. */
  const gh = (hours: number, bytes: number | undefined) => `#!/usr/bin/env node
const created_at = new Date(Date.now() - ${hours} * 3600000).toISOString();
const artifacts = ${JSON.stringify(bytes === undefined ? [] : [{ expired: false, size_in_bytes: bytes }])};
console.log(JSON.stringify(process.argv[3].includes("artifacts") ? { artifacts } : { workflow_runs: [{ id: 5, created_at }] }));
`;

  it.each<[string, number, number | undefined, number, string]>([
    ["a young one", 1, 900, 0, ""],
    ["an old one", 200, 900, 1, "the newest backup is 200 hours old"],
    ["an empty one", 1, 0, 1, "the newest backup is empty"],
    ["none", 1, undefined, 1, "backup.yml keeps no backup"],
  ])("%s", async (_name, hours, bytes, code, words) => {
    repository.write("node_modules/stub/gh", gh(hours, bytes));
    const env = { PATH: `${repository.folder}/node_modules/stub:${process.env.PATH}`, GITHUB_REPOSITORY: "o/n" };
    const found = await repository.run("node", ["scripts/ops/backup-age.mjs"], env);
    expect({ code: found.code, says: found.output.includes(words) }).toEqual({ code, says: true });
  });
});
