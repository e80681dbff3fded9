/** Whether the application's database answers: part of the verification of a rollback. */
import { Failure } from "../failure";
import { type Interruption, runProcess } from "../process";

/** "not asked" says why; "not reached" says what psql said, without address or password. */
export type DatabaseAnswer =
  | { readonly answer: "reached" }
  | { readonly answer: "not asked" | "not reached"; readonly why: string };

/** Connects with env DATABASE_URL by psql and asks for one row. The address is no argument of a process. */
export async function askDatabase(
  env: NodeJS.ProcessEnv,
  { directory, interruption }: { readonly directory: string; readonly interruption: Interruption },
): Promise<DatabaseAnswer> {
  const given = env.DATABASE_URL;
  if (!given) return { answer: "not asked", why: "DATABASE_URL is not set" };
  const url = URL.canParse(given) ? new URL(given) : undefined;
  if (!url || !/^postgres(ql)?:$/.test(url.protocol) || !url.hostname)
    return { answer: "not asked", why: "DATABASE_URL is no postgres://user:password@host/database" };
  const args = ["--no-psqlrc", "--no-password", "--quiet", "--tuples-only", "--command", "select 1"];
  try {
    const { code } = await runProcess("psql", args, { directory, env: { ...env, ...libpq(url) }, interruption });
    return code === 0 ? { answer: "reached" } : { answer: "not reached", why: `psql ended with ${code}` };
  } catch (error) {
    if (!(error instanceof Failure)) throw error;
    return { answer: "not asked", why: "psql is not on this machine" };
  }
}

/** What libpq reads instead of an address. */
function libpq(url: URL): Record<string, string> {
  const host = url.hostname.replace(/[[\]]/g, "");
  const isHere = ["127.0.0.1", "localhost", "::1"].includes(host);
  return {
    PGHOST: host,
    PGPORT: url.port || "5432",
    PGUSER: decoded(url.username),
    PGPASSWORD: decoded(url.password),
    PGDATABASE: decoded(url.pathname.slice(1)) || "postgres",
    PGSSLMODE: url.searchParams.get("sslmode") ?? (isHere ? "prefer" : "require"),
    PGCONNECT_TIMEOUT: "10",
  };
}

/** A per cent sign that begins no escape stands for itself. */
function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
