import { execFileSync } from "node:child_process";
import { chownSync, existsSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** A PostgreSQL server of its own, in a temporary folder, on a loopback port. */
export interface Postgres {
  readonly port: number;
  /** Runs SQL on a database as its superuser; gives what psql prints, unaligned. */
  sql(database: string, text: string): string;
  stop(): void;
}

const password = "canary-pg-7c8d9e0f1a";

/** Address of a database, with the password in it, and the password. */
export const addressOf = (port: number, database: string): { url: string; password: string } => ({
  url: `postgresql://postgres:${password}@127.0.0.1:${port}/${database}`,
  password,
});

/** The folder with the server's programs; undefined where there is none. */
export function findPostgres(): string | undefined {
  const versions = "/usr/lib/postgresql";
  if (!existsSync(versions)) return undefined;
  const found = readdirSync(versions).map((version) => join(versions, version, "bin"));
  return found.find((folder) => existsSync(join(folder, "initdb")));
}

/** Makes and starts a server. It runs as user `postgres` where this process is root, since it refuses root. */
export async function startPostgres(): Promise<Postgres> {
  const bin = findPostgres() ?? "";
  const folder = mkdtempSync(join(tmpdir(), "postgres-"));
  const port = await freePort();
  const user = process.getuid?.() === 0 ? idOf("postgres") : undefined;
  if (user) chownSync(folder, user.uid, user.gid);
  // Without pipes: a server that is started here would keep them open as long as it runs.
  const run = (program: string, ...args: string[]) =>
    void execFileSync(join(bin, program), args, { cwd: folder, stdio: "ignore", ...user });
  const secret = join(folder, "password");
  writeFileSync(secret, password);
  const data = join(folder, "data");
  run(
    "initdb",
    "-D",
    data,
    "-U",
    "postgres",
    "-A",
    "scram-sha-256",
    "--pwfile",
    secret,
    "--no-sync",
    "--locale",
    "C.UTF-8",
  );
  run("pg_ctl", "-D", data, "-w", "-l", join(folder, "log"), "-o", `-F -p ${port} -h 127.0.0.1 -k ${folder}`, "start");
  return {
    port,
    sql: (database, text) => {
      const to = {
        PGHOST: "127.0.0.1",
        PGPORT: String(port),
        PGUSER: "postgres",
        PGDATABASE: database,
        PGPASSWORD: password,
      };
      const psql = ["-X", "-q", "-A", "-t", "-v", "ON_ERROR_STOP=1"];
      return execFileSync(join(bin, "psql"), psql, {
        input: text,
        encoding: "utf8",
        env: { ...process.env, ...to },
      }).trim();
    },
    stop() {
      run("pg_ctl", "-D", data, "-m", "immediate", "stop");
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

function idOf(name: string): { uid: number; gid: number } {
  const id = (flag: string) => Number(execFileSync("id", [flag, name], { encoding: "utf8" }));
  return { uid: id("-u"), gid: id("-g") };
}

function freePort(): Promise<number> {
  return new Promise((resolve) => {
    const server = createServer().listen(0, "127.0.0.1", () => {
      const address = server.address();
      server.close(() => resolve(typeof address === "object" && address ? address.port : 0));
    });
  });
}
