import { guestProblem } from "../provider/facts/guest";
import { regionProblem } from "../provider/facts/region";
import type { AppShape, CheckShape, GroupShape, ServiceShape } from "./app-shape";
import { durationMs } from "./duration";
import { flyToml } from "./fly-toml-rule";
import { type Problem, renderPath } from "./problem";
import { isSecretName, looksLikeSecretValue } from "./secret-name";
import { leastInPrimaryRegion } from "./spread";

/** A shape of which some values are not known yet (Terraform expressions); a rule skips what it does not know. */
export type Known<T> = T extends readonly (infer E)[]
  ? readonly (Known<E> | undefined)[]
  : T extends object
    ? { readonly [K in keyof T]?: Known<T[K]> | undefined }
    : T;

type App = Known<AppShape>;
type Group = Known<GroupShape>;
type Service = Known<ServiceShape>;
type Check = Known<CheckShape>;
type Path = readonly (string | number)[];
/** Takes one problem: its id, where it is, and what is wrong with it. */
export type Report = (id: string, path: Path, text: string) => void;

/**
 * Everything in an app that Fly or its operators would refuse, as far as it is known without asking Fly.
 *
 * @param where heads the problems: "environment production", "stack shop"
 */
export function appProblems(app: App, where: string): Problem[] {
  const problems: Problem[] = [];
  const report: Report = (id, path, text) => problems.push({ where, path: renderPath(path), text, id });
  for (const rule of [name, regions, groups, deployment, stopping, env, secrets, flyToml]) rule(app, report);
  return problems;
}

function name({ app }: App, report: Report): void {
  if (app === undefined || /^[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?$/.test(app)) return;
  report(
    "fly/app-name",
    ["app"],
    `"${app}" is not a name that Fly takes; use at most 63 lower-case letters, digits and hyphens, no hyphen at either end`,
  );
}

function regions({ regions: codes = [] }: App, report: Report): void {
  if (codes.length === 0) report("fly/region", ["regions"], `is empty; name at least one region, such as "ord"`);
  codes.forEach((code, index) => {
    const text = code === undefined ? undefined : regionProblem(code);
    if (text) report("fly/region", ["regions", index], text);
    else if (codes.indexOf(code) < index) {
      report("fly/region", ["regions", index], `"${code}" stands there twice; name each region once`);
    }
  });
}

function groups(app: App, report: Report): void {
  const all = Object.entries(app.groups ?? {});
  if (all.length === 0) report("fly/group", ["groups"], "is empty; declare at least one process group");
  for (const [key, group] of all) {
    const path = ["groups", key];
    if (!/^[a-z][a-z0-9_-]{0,62}$/.test(key)) {
      report(
        "fly/name",
        path,
        "is not a name of a process group; use lower-case letters, digits, hyphens and underscores",
      );
    }
    if (!group) continue;
    guest(group, path, report);
    const mounted = group.mount?.name;
    if (mounted !== undefined && !/^[a-z0-9_]{1,30}$/.test(mounted)) {
      report(
        "fly/volume-name",
        [...path, "mount", "name"],
        `"${mounted}" is not a volume name; use 1 to 30 lower-case letters, digits and underscores`,
      );
    }
    machines(app, group, path, report);
    for (const [index, one] of (group.services ?? []).entries()) {
      if (one) service(app, group, one, [...path, "services", index], report);
    }
    for (const [label, one] of Object.entries(group.checks ?? {})) {
      if (one) check(one, [...path, "checks", label], report);
      if (one && one.port === undefined) {
        report(
          "fly/check-port",
          [...path, "checks", label, "port"],
          "is missing; a check of a group names the port it asks",
        );
      }
    }
  }
}

const guestId = {
  cpu_kind: "fly/guest-cpu-kind",
  cpus: "fly/guest-cpus",
  memory_mb: "fly/guest-memory",
} as const;

function guest(group: Group, path: Path, report: Report): void {
  const problem = guestProblem({
    ...(group.cpuKind !== undefined && { cpu_kind: group.cpuKind }),
    ...(group.cpus !== undefined && { cpus: group.cpus }),
    ...(group.memoryMb !== undefined && { memory_mb: group.memoryMb }),
  });
  if (!problem) return;
  const attribute = { cpu_kind: "cpuKind", cpus: "cpus", memory_mb: "memoryMb" }[problem.attribute];
  report(guestId[problem.attribute], [...path, attribute], problem.text);
}

function machines({ regions: codes = [] }: App, group: Group, path: Path, report: Report): void {
  const wanted = group.machines;
  if (wanted === undefined) return;
  const { min, max } = typeof wanted === "number" ? { min: wanted, max: wanted } : wanted;
  if (min !== undefined && max !== undefined && min > max) {
    report("fly/machine-count", [...path, "machines"], `min ${min} is over max ${max}; lower min or raise max`);
  }
  if (min !== undefined && min < codes.length && codes.length > 1) {
    report(
      "fly/machine-count",
      [...path, "machines"],
      `${min} cannot stand in ${codes.length} regions (${codes.join(", ")}); use ${codes.length} or more, or fewer regions`,
    );
  }
}

function service(app: App, group: Group, one: Service, path: Path, report: Report): void {
  const { softLimit, hardLimit } = one.concurrency ?? {};
  if (softLimit !== undefined && hardLimit !== undefined && softLimit > hardLimit) {
    report(
      "fly/concurrency",
      [...path, "concurrency"],
      `soft limit ${softLimit} is over hard limit ${hardLimit}: no second machine would start before the first refuses; lower softLimit or raise hardLimit`,
    );
  }
  const least = minimum(group, app.regions?.length ?? 1);
  if (one.minRunning !== undefined && least !== undefined && one.minRunning > least) {
    report(
      "fly/min-running",
      [...path, "minRunning"],
      `${one.minRunning} is over the ${least} that the primary region has at least, and Fly counts only there; use ${least} or less, or more machines`,
    );
  }
  for (const [index, each] of (one.checks ?? []).entries()) {
    if (each) check(each, [...path, "checks", index], report);
  }
}

function minimum(group: Group, regionCount: number): number | undefined {
  const wanted = group.machines ?? 1;
  if (typeof wanted === "number") return leastInPrimaryRegion(wanted, regionCount);
  return wanted.min === undefined ? undefined : leastInPrimaryRegion({ min: wanted.min, max: wanted.min }, regionCount);
}

function check(one: Check, path: Path, report: Report): void {
  duration(one.interval, [...path, "interval"], report, "1m");
  duration(one.timeout, [...path, "timeout"], report, "1m");
  duration(one.gracePeriod, [...path, "gracePeriod"], report, "1h");
  if (one.type === "tcp" && one.path !== undefined) {
    report(
      "fly/check-path",
      [...path, "path"],
      "belongs to an HTTP check and this one is TCP; leave it out or use type http",
    );
  }
}

function duration(text: string | undefined, path: Path, report: Report, most: string): void {
  if (text === undefined) return;
  const ms = durationMs(text);
  if (ms === undefined) {
    report("fly/duration", path, `"${text}" is not a duration; write numbers with units, such as "15s" or "1m30s"`);
  } else if (ms > (durationMs(most) ?? 0)) {
    report("fly/duration", path, `"${text}" is too long; use at most "${most}"`);
  }
}

/** A release command that changes the database; a script's own name is all that can be seen of it. */
const migration =
  /migrat|\bdb[:\s]+(push|execute|deploy|reset|seed|setup|schema)|\bpsql\b|\balembic\b|\bflyway\b|\bliquibase\b|\bdbmate\b|drizzle-kit|schema:load/i;

function deployment({ deploy = {}, groups: all = {} }: App, report: Report): void {
  duration(deploy.waitTimeout, ["deploy", "waitTimeout"], report, "2h");
  const share = deploy.maxUnavailable;
  if (share !== undefined && !isShare(share)) {
    report(
      "fly/max-unavailable",
      ["deploy", "maxUnavailable"],
      `"${share}" is neither a share nor a number; use 1% to 100%, or 1 or more`,
    );
  }
  if (deploy.releaseCommand !== undefined && migration.test(deploy.releaseCommand)) {
    report(
      "fly/release-command",
      ["deploy", "releaseCommand"],
      `"${deploy.releaseCommand}" changes the database, and a deployment never does; run the migration apart and use "npx prisma generate"`,
    );
  }
  if (deploy.strategy === "bluegreen" || deploy.strategy === "canary") extraMachines(deploy.strategy, all, report);
}

/** Both strategies make machines beside those that serve, and bluegreen moves the traffic when checks say so. */
function extraMachines(strategy: "bluegreen" | "canary", all: NonNullable<App["groups"]>, report: Report): void {
  const path = ["deploy", "strategy"];
  for (const [key, group] of Object.entries(all)) {
    if (!group?.mount) continue;
    report(
      "fly/strategy-mount",
      path,
      `"${strategy}" cannot be used with volumes, and group ${key} mounts one; use "rolling", or drop groups.${key}.mount`,
    );
  }
  if (strategy === "canary" || Object.values(all).some((group) => group && hasCheck(group))) return;
  const [first = "app"] = Object.keys(all);
  report(
    "fly/strategy-checks",
    path,
    `"bluegreen" needs a health check and no group has one; add one to groups.${first}.services[0].checks or use "rolling"`,
  );
}

function hasCheck({ checks = {}, services = [] }: Group): boolean {
  return Object.keys(checks).length > 0 || services.some((one) => (one?.checks ?? []).length > 0);
}

function isShare(text: string): boolean {
  const [, count = "0", percent] = /^(\d+)(%?)$/.exec(text) ?? [];
  return Number(count) > 0 && (percent === "" || Number(count) <= 100);
}

function stopping({ killTimeout }: App, report: Report): void {
  duration(killTimeout, ["killTimeout"], report, "5m");
}

function env(app: App, report: Report): void {
  plain(app.env, ["env"], app, report);
  for (const [key, group] of Object.entries(app.groups ?? {})) {
    plain(group?.env, ["groups", key, "env"], app, report);
  }
}

function plain(vars: App["env"], path: Path, { secrets: declared = {} }: App, report: Report): void {
  for (const [key, value] of Object.entries(vars ?? {})) {
    if (key in declared) {
      report(
        "fly/env-and-secret",
        [...path, key],
        "is declared under secrets too; leave it there and give its value to the environment",
      );
    } else if (value !== undefined && looksLikeSecretValue(value)) {
      report(
        "fly/secret-value",
        [...path, key],
        "holds what looks like a secret value; declare the name under secrets, and revoke the value if it was committed",
      );
    }
  }
}

/** Names alone are shown, and only where they are names: anything else may be a value in the wrong place. */
function secrets({ secrets: declared = {} }: App, report: Report): void {
  Object.entries(declared).forEach(([key, source], index) => {
    const path = ["secrets", key];
    if (!isSecretName(key)) {
      report(
        "fly/secret-value",
        ["secrets"],
        `entry ${index + 1} has a value where its name belongs (it is not shown); write the name in capitals, such as DATABASE_URL`,
      );
      return;
    }
    const given = Object.keys(source ?? {}).filter((kind) => source?.[kind as keyof typeof source] !== undefined);
    if (given.length > 1) {
      report("fly/secret-source", path, `has ${given.join(" and ")}; give one of env, file and command`);
    }
    source?.env?.forEach((candidate, position) => {
      if (candidate === undefined || isSecretName(candidate)) return;
      report(
        "fly/secret-env-name",
        [...path, "env", position],
        "has a value where the name of an environment variable belongs (it is not shown); write the name in capitals and set the variable",
      );
    });
    for (const text of [source?.file, ...(source?.command ?? [])]) {
      if (text !== undefined && looksLikeSecretValue(text)) {
        report(
          "fly/secret-value",
          path,
          "has a value where a file or a command belongs (it is not shown); name where it is kept",
        );
      }
    }
  });
}
