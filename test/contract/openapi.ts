/**
 * `npm run contract`: does the sandbox's GitHub answer as GitHub's published OpenAPI document says? Not a test of the suite:
 * npm brings the document (29 MB) into the temporary folder first. Exit code 1 for a difference that nobody has allowed.
 */
import { createGithubHarness, type GithubHarness } from "../../sandbox/github/harness";
import { allowed } from "./allowed";
import { readContract } from "./document";
import { tour } from "./tour";
import { createJudge, type Exchange } from "./validate";

const prefix = "/api/v3";

/** Operation and status, to what differs there. */
type Rows = ReadonlyMap<string, ReadonlySet<string>>;

async function main(): Promise<void> {
  const judge = createJudge(readContract());
  const harness = createGithubHarness();
  const exchanges: Exchange[] = [];
  await tour(async (method, path, ...rest) => {
    const { status, body, headers } = await harness.ask(method, path, ...rest);
    const asked = path.startsWith("//") ? path.slice(1) : `/repos/hotdash/hotdash${path}`;
    exchanges.push({ method, path: asked, status, body });
    return { status, body, headers };
  });
  const rows = new Map<string, Set<string>>();
  for (const exchange of exchanges) {
    const { operation = `${exchange.method} ${exchange.path}`, status, differences } = judge(exchange);
    const key = `${operation} ${status}`;
    rows.set(key, new Set([...(rows.get(key) ?? []), ...differences]));
  }
  process.exitCode = print(rows, await unvisited(harness, exchanges));
}

/** Prints a line for each operation and status, and what differs below it. @returns the exit code */
function print(rows: Rows, missed: readonly string[]): number {
  const used = new Set<(typeof allowed)[number]>();
  let problems = 0;
  for (const [key, differences] of [...rows].sort(([a], [b]) => (a < b ? -1 : 1))) {
    const lines = [...differences].map((what) => {
      const known = allowed.find((one) => one.at.test(key) && one.what.test(what));
      if (known) used.add(known);
      else problems += 1;
      return `         ${what}${known ? `: allowed, ${known.why}` : ": NEW"}`;
    });
    console.log([`${lines.length === 0 ? "ok     " : "differs"}  ${key}`, ...lines].join("\n"));
  }
  for (const route of missed) console.log(`unseen   ${route}: the tour does not ask for it`);
  const stale = allowed.filter((one) => !used.has(one));
  for (const { at, what } of stale) console.log(`stale    ${at} ${what}: allowed, and does not occur`);
  const operations = new Set([...rows.keys()].map((key) => key.replace(/ \d+$/, "")));
  console.log(`\n${rows.size} answers of ${operations.size} operations: ${problems} new differences,`);
  console.log(`${missed.length} routes unseen, ${stale.length} of ${allowed.length} allowances stale.`);
  return problems + missed.length + stale.length > 0 ? 1 : 0;
}

/** Routes that the sandbox serves and nobody asked for; those by id are the same as those by name. */
async function unvisited({ sandbox }: GithubHarness, exchanges: readonly Exchange[]): Promise<string[]> {
  const answer = await sandbox.fetch(new Request("http://127.0.0.1/_sandbox/routes"));
  const routes: string[] = JSON.parse(await answer.text());
  const served = routes.filter((route) => route.includes(prefix) && !/\/(repositories|organizations)\/:/.test(route));
  return served.filter((route) => {
    const [method, path = ""] = route.replace(prefix, "").split(" ");
    const shape = path.replace(/:[a-z_]+\{(.+?)\}/g, "($1)").replace(/:[a-z_]+/g, "[^/]+");
    const pattern = new RegExp(`^${shape}/?$`);
    return !exchanges.some((one) => one.method === method && pattern.test(one.path.replace(/\?.*$/, "")));
  });
}

void main();
