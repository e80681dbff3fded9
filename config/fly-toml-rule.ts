import { isDeepStrictEqual } from "node:util";
import type { AppShape, GroupShape } from "./app-shape";
import type { Known, Report } from "./rule";

type Groups = readonly (readonly [string, Known<GroupShape> | undefined])[];

/**
 * What an app may have and its fly.toml cannot say, as flyctl reads it (tried 2026-11): `flyctl deploy` would take it from the
 * machines, and the next plan would give it back. Nothing where no file is asked for.
 */
export function flyToml({ flyToml: file, groups = {} }: Known<AppShape>, report: Report): void {
  if (file === undefined) return;
  const all = Object.entries(groups);
  ownEnv(all, file, report);
  otherPorts(all, file, report);
  otherChecks(all, file, report);
}

function ownEnv(groups: Groups, file: string, report: Report): void {
  for (const [name, { env = {} } = {}] of groups) {
    if (Object.keys(env).length === 0) continue;
    report(
      "fly/toml-env",
      ["groups", name, "env"],
      `cannot stand in ${file}: flyctl gives env vars to all groups alike; move them to env, or leave flyToml out`,
    );
  }
}

/** Sections of service checks have no port. */
function otherPorts(groups: Groups, file: string, report: Report): void {
  for (const [name, { services = [] } = {}] of groups) {
    services.forEach(({ internalPort, checks = [] } = {}, index) => {
      checks.forEach(({ port } = {}, position) => {
        if (port === undefined || internalPort === undefined || port === internalPort) return;
        report(
          "fly/toml-check",
          ["groups", name, "services", index, "checks", position, "port"],
          `${port} cannot stand in ${file}: flyctl checks a service on its internal port, ${internalPort}; move the check to groups.${name}.checks, or leave flyToml out`,
        );
      });
    });
  }
}

/** A section of checks has a name and a list of groups: of two that share a name, flyctl would know the last. */
function otherChecks(groups: Groups, file: string, report: Report): void {
  const first = new Map<string, { readonly group: string; readonly check: unknown }>();
  for (const [name, { checks = {} } = {}] of groups) {
    for (const [label, check] of Object.entries(checks)) {
      const before = first.get(label);
      if (!before) first.set(label, { group: name, check });
      if (!before || isDeepStrictEqual(before.check, check)) continue;
      report(
        "fly/toml-check",
        ["groups", name, "checks", label],
        `differs from groups.${before.group}.checks.${label}, and ${file} has one check of a name for all groups; give it another name, or leave flyToml out`,
      );
    }
  }
}
