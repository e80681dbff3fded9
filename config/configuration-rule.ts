import { regionProblem } from "../provider/facts/region";
import type { Overrides } from "./override";
import { didYouMean, type Problem, renderPath } from "./problem";
import type { Configuration, Environment } from "./schema";

/** Names of the environments in the order of the product's promises. */
export const environmentNames = ["production", "staging", "chatwoot", "preview"] as const;

/** One of the four deploy targets. */
export type EnvironmentName = (typeof environmentNames)[number];

/** What is wrong between environments, with the organisation's own limits, or with an override; rules of one app are in rule.ts. */
export function configurationProblems(config: Configuration, overrides: Overrides): Problem[] {
  const environments = environmentNames.flatMap((name) => {
    const environment = config.environments[name];
    return environment ? [{ name, environment }] : [];
  });
  return [
    ...sharedApps(environments),
    ...previewPattern(config.environments.preview),
    ...environments.flatMap((one) => [...forbiddenRegions(config, one), ...healthPath(one)]),
    ...bareInProduction(config.environments.production),
    ...processes(overrides),
    ...groupNames(config),
  ];
}

interface Named {
  readonly name: EnvironmentName;
  readonly environment: Environment;
}

const heading = (name: EnvironmentName) => `environment ${name}`;

/** Two states that manage one app undo each other; a preview's pattern must not meet another environment's app either. */
function sharedApps(environments: readonly Named[]): Problem[] {
  return environments.flatMap(({ name, environment }, index) => {
    const other = environments.slice(0, index).find((earlier) => meets(earlier.environment.app, environment.app));
    if (!other) return [];
    const text = `"${environment.app}" is the app of environment ${other.name} too, and two stacks would undo each other; give one another name`;
    return [{ where: heading(name), path: "app", text, id: "fly/app-name-shared" }];
  });
}

function meets(app: string, other: string): boolean {
  const [before, after] = other.split("{number}");
  if (after === undefined || app.includes("{number}")) return app === other;
  const middle = app.slice(before?.length, app.length - after.length);
  return app.startsWith(before ?? "") && app.endsWith(after) && /^\d+$/.test(middle);
}

function previewPattern({ app }: Environment): Problem[] {
  if (app.split("{number}").length === 2) return [];
  const text = `"${app}" must hold {number} once, so that each pull request has its own app; write "hotdash-pr-{number}"`;
  return [{ where: heading("preview"), path: "app", text, id: "config/preview-pattern" }];
}

function forbiddenRegions({ allowedRegions }: Configuration, { name, environment }: Named): Problem[] {
  return environment.regions.flatMap((region, index) => {
    if (allowedRegions.includes(region) || regionProblem(region)) return [];
    const text = `"${region}" is not among HotDash's regions;${didYouMean(region, allowedRegions)} allowed are ${allowedRegions.join(", ")}`;
    return [{ where: heading(name), path: renderPath(["regions", index]), text, id: "config/region" }];
  });
}

function healthPath({ name, environment }: Named): Problem[] {
  if (name !== "chatwoot") return [];
  const paths = Object.values(environment.groups).flatMap(({ services = [] }) =>
    services.flatMap(({ checks = [] }) => checks.map(({ path }) => path)),
  );
  if (!paths.includes("/rails/health")) return [];
  const text = `"/rails/health" is not a path of Chatwoot (it answers 404), so the app would never be healthy; use "/api"`;
  return [
    { where: heading(name), path: "groups.web.services[0].checks[0].path", text, id: "config/chatwoot-health-path" },
  ];
}

/** A bare name is what other environments' shells hold too: production would take their value. */
function bareInProduction({ secrets = {} }: Environment): Problem[] {
  return Object.entries(secrets).flatMap(([name, { env = [] }]) => {
    if (!env.includes(name)) return [];
    const text = `reads the bare variable ${name}, which may hold another environment's value; use PRODUCTION_${name}`;
    return [{ where: heading("production"), path: renderPath(["secrets", name, "env"]), text, id: "fly/secret-bare" }];
  });
}

function processes(overrides: Overrides): Problem[] {
  const chosen = overrides.processes ?? ["app"];
  const problem = (path: readonly PropertyKey[], text: string, id: string): Problem => ({
    where: "the overrides",
    path: renderPath(path),
    text,
    id,
  });
  const each = chosen.flatMap((name, index) => {
    if (chosen.indexOf(name) < index) {
      return [
        problem(["processes", index], `"${name}" stands there twice; name each group once`, "fly/group-duplicate"),
      ];
    }
    if (name === "app" || name === "worker") return [];
    const text = `"${name}" is not a process group of the application;${didYouMean(name, ["app", "worker"])} known are app, worker`;
    return [problem(["processes", index], text, "config/processes")];
  });
  const noApp = chosen.includes("app")
    ? []
    : [problem(["processes"], `leaves out "app", which answers all requests; add it`, "config/processes")];
  const command = overrides["processes.worker.command"];
  const noCommand =
    chosen.includes("worker") && !command
      ? [
          problem(
            ["processes.worker.command"],
            `is missing, and a worker without it would run a second "app"; set it, such as ["npm", "run", "worker"]`,
            "config/processes",
          ),
        ]
      : [];
  return [...each, ...noApp, ...noCommand];
}

/** A name listed under a group that its pattern does not cover would be reported as undeclared later. */
function groupNames({ secrets: { groups } }: Configuration): Problem[] {
  return Object.entries(groups).flatMap(([group, names]) =>
    names.flatMap((name, index) => {
      const fits = group.endsWith("*") ? name.startsWith(group.slice(0, -1)) : name === group;
      if (fits) return [];
      const text = `entry ${index + 1} does not belong to ${group}; names of this group begin with ${group.replace("*", "")}`;
      return [{ where: "the configuration", path: "secrets.groups", text, id: "config/secret-group" }];
    }),
  );
}
