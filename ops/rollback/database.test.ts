import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { askDatabase } from "./database";

const folder = mkdtempSync(join(tmpdir(), "infra-database-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
const never = new AbortController().signal;
const canary = "p4ss%canary-7f3a";

/** Succeeds where it is called as it has to be, and where the host is there. */
writeFileSync(
  join(folder, "psql"),
  `#!/bin/sh
case "$*" in *canary*|*db.example*) exit 9 ;; esac
test "$PGHOST" = db.example && test "$PGUSER" = app && test "$PGPASSWORD" = "${canary}" && test "$PGDATABASE" = shop
`,
  { mode: 0o755 },
);

const encoded = encodeURIComponent(canary);
const notAnAddress = "DATABASE_URL is no postgres://user:password@host/database";

test.each([
  { url: "", answer: { answer: "not asked", why: "DATABASE_URL is not set" } },
  { url: `mysql://app:${encoded}@db.example/shop`, answer: { answer: "not asked", why: notAnAddress } },
  { url: encoded, answer: { answer: "not asked", why: notAnAddress } },
  { url: `postgres://app:${encoded}@db.example/shop`, answer: { answer: "reached" } },
  { url: `postgres://app:${canary}@db.example/shop`, answer: { answer: "reached" } },
  {
    url: `postgres://app:${encoded}@gone.example/shop`,
    answer: { answer: "not reached", why: "psql ended with 1" },
  },
  {
    url: `postgres://app:${encoded}@db.example/shop`,
    path: "nowhere",
    answer: { answer: "not asked", why: "psql is not on this machine" },
  },
])("$url: $answer.answer, and no argument or answer holds the password", async ({ url, path, answer }) => {
  const env = { DATABASE_URL: url, PATH: path ?? `${folder}:/usr/bin:/bin` };
  const interruption = { soft: never, hard: never };
  expect(await askDatabase(env, { directory: folder, interruption })).toEqual(answer);
});
