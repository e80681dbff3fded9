import { createHash } from "node:crypto";
import { existsSync, readdirSync, readFileSync, utimesSync } from "node:fs";
import { basename, join } from "node:path";
import { type ManagedRepository, managedRepository } from "./support/managed-repository";
import { addressOf, findPostgres, type Postgres, startPostgres } from "./support/postgres";

/** What the Supabase CLI does, without docker: pg_dump with its flags. It keeps its arguments, and takes the password from PGPASSWORD alone. */
const supabase = `#!/usr/bin/env bash
set -euo pipefail
echo "$@" >> arguments
[ -z "\${STUB_FAILS:-}" ] || exit 1
url="$4" file="$6"
case "$*" in
  *--role-only*) echo 'CREATE ROLE "postgres";' ;;
  *--data-only*)
    echo "SET session_replication_role = replica;"
    pg_dump -d "$url" --data-only --quote-all-identifier --schema public | sed -E 's/^\\\\\\\\(un)?restrict .*$/-- &/'
    [ -n "\${STUB_CUTS:-}" ] || echo "RESET ALL;"
    ;;
  *) pg_dump -d "$url" --schema-only --quote-all-identifier --schema public | sed -E 's/^\\\\\\\\(un)?restrict .*$/-- &/; s/^CREATE SCHEMA "/CREATE SCHEMA IF NOT EXISTS "/; s/^CREATE TABLE "/CREATE TABLE IF NOT EXISTS "/' ;;
esac > "$file"
`;
const schema = `
create table ideas (id int primary key, title text not null);
alter table ideas enable row level security;
insert into ideas values (1, 'one'), (2, E'two\\n\\\\.');`;

(findPostgres() ? describe : describe.skip)("the database scripts (need PostgreSQL)", () => {
  let postgres: Postgres;
  let repository: ManagedRepository;
  let backup: string;
  const path = () => `${repository.folder}/bin:${process.env.PATH}`;
  const on = async (database: string, file: string, args: readonly string[], env: NodeJS.ProcessEnv = {}) => {
    const { url, password } = addressOf(postgres.port, database);
    const outcome = await repository.run(file, args, { PATH: path(), DATABASE_URL: url, ...env });
    expect(outcome.output).not.toContain(password);
    return outcome;
  };
  const make = () => on("production", "scripts/backup/backup-database.sh", []);
  const restore = (database: string, args: readonly string[], env?: NodeJS.ProcessEnv) =>
    on(database, "scripts/backup/restore-database.sh", [backup, ...args], env);
  const identity = (database: string) => `postgres@127.0.0.1:${postgres.port}/${database}`;
  const titles = (database: string) => postgres.sql(database, "select string_agg(title, ',' order by id) from ideas");

  beforeAll(async () => {
    repository = managedRepository();
    repository.write("bin/supabase", supabase);
    postgres = await startPostgres();
    postgres.sql(
      "postgres",
      "create database production; create database staging; create database rls; create role anon;",
    );
    postgres.sql("production", schema);
    backup = /^backups\/\S+$/m.exec((await make()).output)?.[0] ?? "";
  });
  afterAll(() => {
    postgres?.stop();
    repository.remove();
  });

  describe("backup-database.sh", () => {
    it("leaves a verified archive with its checksum, and gives no process the password", async () => {
      expect(backup).toMatch(/^backups\/database-[\dTZ-]+\.tar\.gz$/);
      const sum = createHash("sha256")
        .update(readFileSync(join(repository.folder, backup)))
        .digest("hex");
      expect(repository.read(`${backup}.sha256`)).toBe(`${sum}  ${backup.replace("backups/", "")}\n`);
      expect(repository.read("arguments").split("\n").slice(0, 3)).toEqual(
        ["--role-only", "--schema public", "--data-only --use-copy --schema public"].map((flags) =>
          expect.stringMatching(
            new RegExp(
              `^db dump --db-url postgresql://postgres@127.0.0.1:${postgres.port}/production --file \\S+ ${flags}$`,
            ),
          ),
        ),
      );
    });

    it.each<[string, NodeJS.ProcessEnv, string]>([
      ["the dump fails", { STUB_FAILS: "1" }, "could not dump roles.sql; there is no backup"],
      ["the dump stops early", { STUB_CUTS: "1" }, "stop before the end of the dump"],
      ["DATABASE_URL is not set", { DATABASE_URL: "" }, "DATABASE_URL is not set"],
      [
        "it is no Postgres address",
        { DATABASE_URL: "https://x@example.org" },
        "is no postgres://user:password@host/database",
      ],
      [
        "it is the transaction pooler",
        { DATABASE_URL: "postgres://a:b@example.org:6543/x" },
        "take the session pooler, port 5432",
      ],
      ["a schema is no name", { BACKUP_SCHEMAS: "public;drop" }, "BACKUP_SCHEMAS is no list"],
    ])("fails and leaves nothing when %s", async (_name, env, words) => {
      const failing = on("production", "scripts/backup/backup-database.sh", ["failed"], env);
      expect(await failing).toMatchObject({ code: 1, output: expect.stringContaining(words) });
      const folder = join(repository.folder, "failed");
      expect(existsSync(folder) ? readdirSync(folder) : []).toEqual([]);
    });

    it("makes no second one in the same second, and leaves the first as it is", async () => {
      repository.write("still/date", "#!/bin/sh\necho 2026-01-01T00:00:00Z\n");
      const env = { PATH: `${join(repository.folder, "still")}:${join(repository.folder, "bin")}:${process.env.PATH}` };
      const run = () => on("production", "scripts/backup/backup-database.sh", ["twice"], env);
      expect(await run()).toMatchObject({ code: 0 });
      const before = readdirSync(join(repository.folder, "twice"));
      expect(await run()).toMatchObject({ code: 1, output: expect.stringContaining("was made this very second") });
      expect(readdirSync(join(repository.folder, "twice"))).toEqual(before);
    });

    it("removes what is older than the retention, and nothing younger", async () => {
      const old = (name: string, days: number) => {
        repository.write(`kept/${name}`, "old");
        const time = Date.now() / 1000 - days * 86_400;
        utimesSync(join(repository.folder, "kept", name), time, time);
      };
      old("database-2026-01-01T00-00-00Z.tar.gz", 31);
      old("database-2026-01-03T00-00-00Z.tar.gz", 29);
      old("notes.txt", 99);
      await on("production", "scripts/backup/backup-database.sh", ["kept"]);
      const kept = readdirSync(join(repository.folder, "kept")).sort();
      expect(kept).toHaveLength(4);
      expect(kept).toEqual(expect.arrayContaining(["database-2026-01-03T00-00-00Z.tar.gz", "notes.txt"]));
    });
  });

  describe("verify-backup.sh", () => {
    const verify = (...args: string[]) => on("production", "scripts/backup/verify-backup.sh", args);

    it("finds the newest backup whole, and says when it is too old", async () => {
      expect(await verify("--max-age-hours", "1")).toMatchObject({
        code: 0,
        output: expect.stringContaining(`verified: ${backup}, 1 tables`),
      });
      utimesSync(join(repository.folder, backup), 1, 1);
      expect(await verify("--max-age-hours", "24")).toMatchObject({
        code: 1,
        output: expect.stringContaining("is older than 24 hours"),
      });
    });

    it("refuses a backup that was changed, and one without a checksum", async () => {
      await repository.run("sh", ["-c", `mkdir bad && cp ${backup}* bad/ && echo x >> bad/${basename(backup)}`]);
      expect(await verify(`bad/${basename(backup)}`)).toMatchObject({
        code: 1,
        output: expect.stringContaining("its checksum differs"),
      });
      await repository.run("sh", ["-c", "rm bad/*.sha256"]);
      expect(await verify(`bad/${basename(backup)}`)).toMatchObject({
        code: 1,
        output: expect.stringContaining("sha256 does not exist"),
      });
    });
  });

  describe("restore-database.sh", () => {
    it("refuses production before staging, and staging where it is the source of the backup", async () => {
      expect(await restore("production", ["production", "--replace"])).toMatchObject({
        code: 1,
        output: expect.stringContaining("Do that first, with staging's DATABASE_URL"),
      });
      const { url } = addressOf(postgres.port, "production");
      for (const DATABASE_URL of [url, url.replace("//postgres", "//another-role")]) {
        expect(await restore("production", ["staging", "--replace"], { DATABASE_URL })).toMatchObject({
          code: 1,
          output: expect.stringContaining("that is not staging. Nothing was changed"),
        });
      }
    });

    it("restores into an empty staging, then replaces it only when told to, and notes each", async () => {
      expect(await restore("staging", ["staging"])).toMatchObject({
        code: 0,
        output: expect.stringContaining("1 tables; row-level security holds"),
      });
      postgres.sql("staging", "delete from ideas; create table other (id int)");
      expect(await restore("staging", ["staging"])).toMatchObject({
        code: 1,
        output: expect.stringContaining("has 2 tables; to drop them first, add --replace"),
      });
      expect(await restore("staging", ["staging", "--replace"])).toMatchObject({ code: 0 });
      expect(titles("staging")).toBe("one,two\n\\.");
      const log = repository
        .read("artifacts/restores/log.jsonl")
        .trim()
        .split("\n")
        .map((line) => JSON.parse(line));
      expect(log).toMatchObject([
        { target: "staging", outcome: "restored" },
        { database: identity("staging"), outcome: "restored" },
      ]);
    });

    it("replaces production after a typed confirmation, with a backup of it first", async () => {
      const wrong = await restore("production", ["production", "--replace"], { RESTORE_CONFIRM: "yes" });
      expect(wrong).toMatchObject({
        code: 1,
        output: expect.stringContaining(`RESTORE_CONFIRM=${identity("production")}. Nothing was changed`),
      });
      postgres.sql("production", "update ideas set title = 'lost'");
      const done = await restore("production", ["production", "--replace"], {
        RESTORE_CONFIRM: identity("production"),
      });
      expect(done).toMatchObject({ code: 0 });
      expect(titles("production")).toBe("one,two\n\\.");
      expect(readdirSync(join(repository.folder, "backups/before-restore"))).toHaveLength(2);
    });

    it("leaves everything as it is when the restore fails half-way", async () => {
      postgres.sql("staging", "update ideas set title = 'kept'; create view public.seen as select 1");
      await repository.run("bash", [
        "-c",
        `mkdir broken && tar -xzf ${backup} -C broken && echo 'select 1/0;' >> broken/schema.sql && tar -czf broken.tar.gz -C broken manifest.json roles.sql schema.sql data.sql && echo "$(sha256sum broken.tar.gz)" > broken.tar.gz.sha256`,
      ]);
      const { code, output } = await on("staging", "scripts/backup/restore-database.sh", [
        "broken.tar.gz",
        "staging",
        "--replace",
      ]);
      expect({ code, output }).toEqual({
        code: 1,
        output: expect.stringContaining("the restore failed and was undone"),
      });
      expect(titles("staging")).toBe("kept,kept");
    });
  });

  describe("rls_tests.sql", () => {
    const test = async (sql: string) => {
      postgres.sql(
        "rls",
        `set client_min_messages = warning; drop schema public cascade; create schema public; ${sql}`,
      );
      const { password } = addressOf(postgres.port, "rls");
      const to = { PGHOST: "127.0.0.1", PGPORT: String(postgres.port), PGUSER: "postgres", PGDATABASE: "rls" };
      return repository.run("psql", ["-X", "-f", "supabase/rls_tests.sql"], { ...to, PGPASSWORD: password });
    };
    const closed = "create table a (id int, owner text); alter table a enable row level security;";

    it("passes what is closed: no policy, a condition, reading only, a role of the server, a restriction", async () => {
      const policies = [
        "read on a for select using (true)",
        "own on a for insert to anon with check (owner = current_user)",
        "server on a for all to postgres using (true)",
        "less on a as restrictive for delete to anon using (true)",
      ];
      expect(await test(`${closed} ${policies.map((policy) => `create policy ${policy};`).join(" ")}`)).toEqual({
        code: 0,
        output: "DO\n",
      });
    });

    it("names each table without row-level security, partitioned ones too, and each policy that lets anybody write", async () => {
      const rules = [
        "for insert to anon with check (true)",
        "for update using (true)",
        "for delete to anon using (true)",
        "for all to anon using (id = 1) with check (true)",
        "using (true)",
      ];
      const open = rules.map((rule, index) => `create policy p${index} on a ${rule};`).join(" ");
      const { code, output } = await test(
        `${closed} ${open} create table b (id int); create table c (id int) partition by range (id);`,
      );
      expect({ code, named: output.match(/^ {2}public.*$/gm) }).toEqual({
        code: 3,
        named: [
          "  public.b has no row-level security",
          "  public.c has no row-level security",
          '  public.a: policy "p0" lets anon insert any row',
          '  public.a: policy "p1" lets public update any row',
          '  public.a: policy "p2" lets anon delete any row',
          '  public.a: policy "p3" lets anon write any row',
          '  public.a: policy "p4" lets public write any row',
        ],
      });
    });
  });
});
