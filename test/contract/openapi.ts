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

async function main(): Promise<void> {
  const judge = createJudge(readContract());
  const harness = createGithubHarness();
  const exchanges: Exchange[] = [];
  await tour(async (method, path, ...rest) => {
    const answer = await harness.ask(method, path, ...rest);
    const asked = path.startsWith("//") ? path.slice(1) : `/repos/hotdash/hotdash${path}`;
    exchanges.push({ method, path: asked, status: answer.status, body: answer.body });
    return answer;
  });
  const rows = new Map<string, { count: number; differences: Set<string> }>();
  for (const exchange of exchanges) {
    const { operation = `${exchange.method} ${exchange.path}`, status, differences } = judge(exchange);
    const key = `${operation} ${status}`;
    const row = rows.get(key) ?? { count: 0, differences: new Set() };
    rows.set(key, { count: row.count + 1, differences: new Set([...row.differences, ...differences]) });
  }
  process.exitCode = print(rows, await unvisited(harness, exchanges));
}

/** Prints a row for each operation and status. @returns the exit code */
function print(rows: ReadonlyMap<string, { count: number; differences: Set<string> }>, missed: string[]): number {
  const unused = new Set(Object.keys(allowed));
  let problems = 0;
  for (const [key, { count, differences }] of [...rows].sort(([a], [b]) => (a < b ? -1 : 1))) {
    const reason = allowed[key];
    unused.delete(differences.size > 0 ? key : "");
    if (differences.size > 0 && !reason) problems++;
    const word = differences.size === 0 ? "ok" : reason ? "allowed" : "DIFFERS";
    console.log(`${word.padEnd(8)} ${key}${count > 1 ? ` (${count})` : ""}${word === "allowed" ? `: ${reason}` : ""}`);
    if (word === "DIFFERS") for (const one of differences) console.log(`           ${one}`);
  }
  for (const route of missed) console.log(`UNSEEN   ${route}: the tour does not ask for it`);
  for (const key of unused) console.log(`STALE    ${key}: allowed, and does not differ`);
  const bad = problems + missed.length + unused.size;
  console.log(
    `\n${rows.size} answers of ${new Set([...rows.keys()].map((key) => key.split(" ")[0])).size} operations; ${problems} differ, ${Object.keys(allowed).length} allowed, ${missed.length} routes unseen.`,
  );
  return bad > 0 ? 1 : 0;
}

/** Routes that the sandbox serves and nobody asked for; those by id are the same as those by name. */
async function unvisited({ sandbox }: GithubHarness, exchanges: readonly Exchange[]): Promise<string[]> {
  const answer = await sandbox.fetch(new Request("http://127.0.0.1/_sandbox/routes"));
  const routes: string[] = JSON.parse(await answer.text());
  const served = routes.filter((route) => route.includes(prefix) && !/\/(repositories|organizations)\/:/.test(route));
  return served.filter((route) => {
    const [method, path = ""] = route.replace(prefix, "").split(" ");
    const pattern = new RegExp(`^${path.replace(/:[a-z_]+\{(.+?)\}/g, "($1)").replace(/:[a-z_]+/g, "[^/]+")}/?$`);
    return !exchanges.some((one) => one.method === method && pattern.test(one.path.replace(/\?.*$/, "")));
  });
}

void main();
