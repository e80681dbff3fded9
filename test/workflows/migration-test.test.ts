import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { parse } from "yaml";
import { managedRepository } from "../managed/support/managed-repository";
import { type Run, runWorkflow, type Scenario } from "./support/act";
import { generated, hotDashWith, managed } from "./support/generated";
import { findTool } from "./support/tool";

const servers = "/usr/lib/postgresql";
const hasServer =
  existsSync(servers) && readdirSync(servers).some((major) => existsSync(join(servers, major, "bin/initdb")));
/** squawk, which the managed repository's lock file pins; here this repository's own. */
const squawk = join(require.resolve("squawk-cli/package.json"), "../js/bin/squawk");

const folder = "supabase/migrations";
const existing = `${folder}/20250101000000_people.sql`;
const fresh = `${folder}/20250201000000_ideas.sql`;
const begin: Readonly<Record<string, string>> = {
  ...managed(),
  [existing]: `
    create table public.people (id uuid primary key default gen_random_uuid(), name text not null);
    alter table public.people enable row level security;
    create policy own on public.people for select using (auth.uid() = id);`,
  "supabase/seed.sql": "insert into public.people (name) values ('Ada'), ('Grace');\n",
  "supabase/rollback.sql": "select 1;\n",
};
/** A pull request that adds one migration and what undoes it. */
const adds = (migration: string, rollback: string): Partial<Scenario> => ({
  tree: { ...begin, [fresh]: migration, "supabase/rollback.sql": rollback },
});
const good = `
  create type public.mood as enum ('calm');
  create table public.ideas (id uuid primary key default gen_random_uuid(), title text not null, mood public.mood);
  alter table public.ideas enable row level security;
  alter table public.people add column nick text;`;
const undone = "alter table public.people drop column nick; drop table public.ideas; drop type public.mood;";

test("migration-test.yml runs for whatever it judges by, itself included", () => {
  const { on, jobs } = parse(
    generated(hotDashWith({ "database.fixtures": "db/rows.sql" }))["migration-test.yml"] ?? "",
  );
  expect(on.pull_request.paths).toEqual([
    "supabase/migrations/**",
    "db/rows.sql",
    "supabase/*.sql",
    ".squawk.toml",
    "scripts/ops/*migration*",
    ".github/workflows/migration-test.yml",
  ]);
  expect(Object.keys(jobs)).toEqual(["validate", "dry-run", "summary"]);
  expect(jobs.summary.needs).toEqual(["validate", "dry-run"]);
  expect(JSON.stringify(jobs["dry-run"].steps)).toContain("--fixtures db/rows.sql");
});

describe("validating migrations", () => {
  const repository = managedRepository();
  afterAll(() => repository.remove());
  for (const [path, text] of Object.entries(begin)) repository.write(path, text);
  // `npm exec --no -- squawk` runs the real one.
  repository.write("bin/npm", `#!/bin/bash\nshift 4\nexec ${process.execPath} ${squawk} "$@"\n`);
  const base = repository.commit("Before");

  const drop = "alter table public.people drop column name;";
  const ignored = `-- squawk-ignore ban-drop-column\n${drop}`;
  const answered = `-- reason: nobody has read it since spring; owner: @hotdash/maintainers\n${ignored}`;
  const early = `${folder}/20240101000000_early.sql`;
  test.each<[string, Readonly<Record<string, string>>, number, RegExp]>([
    ["passes a migration that only adds", { [fresh]: good }, 0, /1 new since \w+, and they only add/],
    ["fails for what squawk finds", { [fresh]: drop }, 1, /ban-drop-column/],
    [
      "passes an index that is made beside the work",
      { [fresh]: "create index concurrently people_name on public.people (name);" },
      0,
      /1 new/,
    ],
    [
      "fails for an ignored finding without a reason and an owner",
      { [fresh]: ignored },
      1,
      /ideas\.sql:1 ignores a finding/,
    ],
    ["passes an ignored finding that somebody answers for", { [fresh]: answered }, 0, /1 new/],
    ["fails for a changed migration", { [existing]: "select 1;" }, 1, /people\.sql is changed, and databases have it/],
    [
      "fails for one that sorts before those that are there",
      { [early]: "select 1;" },
      1,
      /early\.sql sorts before 2025/,
    ],
    ["passes where no migration is new", { "supabase/seed.sql": "select 1;" }, 0, /0 new/],
  ])("%s", async (_name, change, code, words) => {
    repository.git("reset", "-q", "--hard", base);
    for (const [path, text] of Object.entries(change)) repository.write(path, text);
    repository.commit("Change");
    const args = ["scripts/ops/validate-migrations.mjs", "--base", base, "--folder", folder];
    const ended = await repository.run("node", args, { PATH: `${repository.folder}/bin:${process.env.PATH}` });
    expect(ended).toEqual({ code, output: expect.stringMatching(words) });
  });
});

const given: Scenario = {
  files: generated(),
  file: "migration-test.yml",
  event: "pull_request",
  before: begin,
};
type Play = readonly [string, Partial<Scenario>, Partial<Run>];
const findings = (words: RegExp) => expect.stringMatching(words);

(hasServer && findTool("act") ? describe : describe.skip)(
  "dry-run of migration-test.yml (needs act, postgresql)",
  () => {
    const plays: readonly Play[] = [
      [
        "applies what only adds to rows, undoes it, and keeps the evidence",
        adds(good, undone),
        {
          jobs: { validate: "success", "dry-run": "success", summary: "success" },
          summary: findings(
            /PASS supabase\/rollback\.sql gives back the schema[\s\S]*validate: success, dry-run: success/,
          ),
          artifacts: expect.objectContaining({
            "migration-evidence/rollback-guide.md": findings(
              /drop column nick;\ndrop table public\.ideas;\ndrop type public\.mood;\n```/,
            ),
            "migration-evidence/schema.diff": findings(/^\+CREATE TABLE public\.ideas/m),
            "migration-evidence/rollback.diff": "",
          }),
        },
      ],
      [
        "fails for a migration that breaks on rows, though it would pass on an empty database",
        adds(
          "alter table public.people add column score integer not null;",
          "alter table public.people drop column score;",
        ),
        {
          jobs: { validate: "success", "dry-run": "failure", summary: "failure" },
          log: findings(/column "score" of relation "people" contains null values/),
          artifacts: expect.objectContaining({ "migration-evidence/result.txt": findings(/FAIL Migration fails/) }),
        },
      ],
      [
        "fails for what is gone, for rows that are lost, for an open table and for a rollback that leaves something",
        adds(
          "alter table public.people drop column name; delete from public.people; create table public.open (id int);",
          "drop table public.open;",
        ),
        {
          jobs: { validate: "success", "dry-run": "failure", summary: "failure" },
          artifacts: expect.objectContaining({
            "migration-evidence/result.txt": findings(
              /Not additive: column public\.people name text is gone[\s\S]*Rows lost: public\.people had 2 rows and has 0[\s\S]*Row-level security: .*public\.open[\s\S]*Rollback is not complete/,
            ),
            "migration-evidence/rollback.diff": findings(/^- +name text NOT NULL/m),
          }),
        },
      ],
    ];
    test.each(plays)("%s", async (_name, change, expected) => {
      expect(await runWorkflow({ ...given, ...change })).toMatchObject(expected);
    });

    test("cannot judge without rows, and says which file it misses", async () => {
      const { "supabase/seed.sql": _, ...without } = begin;
      const run = await runWorkflow({ ...given, before: without, tree: { ...without, [fresh]: good }, job: "dry-run" });
      expect(run).toMatchObject({ jobs: { "dry-run": "failure" }, log: findings(/supabase\/seed\.sql is missing/) });
    });
  },
);
