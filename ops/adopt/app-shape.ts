/** A live app in the words of `FlyApp`. */
import type { AppShape, DeployShape, GroupShape, ImageShape } from "../../config/app-shape";
import { isSecretName } from "../../config/secret-name";
import type { ProcessGroup } from "../../provider/resources/process-group/attributes";
import { groupShape, shortest } from "./group-shape";
import type { LiveApp } from "./live-app";

const signals = ["SIGHUP", "SIGQUIT", "SIGKILL", "SIGUSR1", "SIGUSR2", "SIGTERM"] as const;
const strategies = ["canary", "bluegreen", "immediate"] as const;
const addressTypes = ["shared_v4", "v4", "v6", "private_v6"] as const;

/**
 * What of an app an {@link AppShape} can say, with everything left out that goes without saying.
 *
 * @param groups without values that may be secrets; at least one
 */
export function appShape(live: LiveApp, groups: ReadonlyMap<string, ProcessGroup>): AppShape {
  const all = [...groups.values()];
  const regions = regionsOf(all);
  const shared = sharedEnv(all);
  const ownEnv = ({ env = {} }: ProcessGroup) =>
    Object.fromEntries(Object.entries(env).filter(([name]) => !(name in shared)));
  const shapes = [...groups].map(([name, group]): [string, GroupShape] => [
    name,
    groupShape(group, { regions, env: ownEnv(group) }),
  ]);
  const signal = common(all.map(({ stop }) => stop?.signal));
  const timeout = common(all.map(({ stop }) => stop?.timeout));
  const secrets = live.secrets.filter(isSecretName).map((name) => [name, {}] as const);
  return {
    app: live.app.name,
    regions,
    image: imageOf(live, all),
    groups: Object.fromEntries(shapes),
    env: Object.keys(shared).length > 0 ? shared : undefined,
    secrets: secrets.length > 0 ? Object.fromEntries(secrets) : undefined,
    addresses: addressesOf(live, shapes),
    certificates: live.certificates.length > 0 ? live.certificates : undefined,
    killSignal: signals.find((one) => one === signal),
    killTimeout: timeout === undefined || timeout === "5s" ? undefined : shortest(timeout),
    deploy: deployOf(all),
  };
}

/** The primary region first, then those with the most machines. */
function regionsOf(groups: readonly ProcessGroup[]): readonly string[] {
  const count = (region: string) =>
    groups.reduce((sum, { machines }) => sum + (machines[region]?.count ?? machines[region]?.min ?? 0), 0);
  const primary = common(groups.map(({ primary_region }) => primary_region)) ?? groups[0]?.primary_region;
  const rank = (region: string) => (region === primary ? Number.POSITIVE_INFINITY : count(region));
  const all = [...new Set(groups.flatMap(({ machines }) => Object.keys(machines)))].sort();
  return all.sort((a, b) => (rank(b) === rank(a) ? 0 : rank(b) - rank(a)));
}

/** What all groups say alike. */
function sharedEnv(groups: readonly ProcessGroup[]): Readonly<Record<string, string>> {
  const [first, ...others] = groups.map(({ env = {} }) => env);
  return Object.fromEntries(
    Object.entries(first ?? {}).filter(([name, value]) => others.every((env) => env[name] === value)),
  );
}

/** Pinned, where no release says that somebody else chooses what runs. */
function imageOf({ isDeployed }: LiveApp, groups: readonly ProcessGroup[]): ImageShape {
  const [first] = groups;
  const isOutside = isDeployed || (first?.image === undefined && first?.initial_image !== undefined);
  const image = first?.initial_image ?? first?.image ?? "";
  return isOutside ? { initial: image } : { pinned: first?.image ?? image };
}

/** undefined: what goes without saying. Only one of a type can be said. */
function addressesOf({ addresses }: LiveApp, groups: readonly (readonly [string, GroupShape])[]) {
  const types = addressTypes.filter((type) => addresses.some((one) => one.type === type));
  const isPublic = groups.some(([, { services = [] }]) => services.length > 0);
  const standard = isPublic ? "shared_v4 v6" : "";
  return types.join(" ") === standard ? undefined : types;
}

function deployOf(groups: readonly ProcessGroup[]): DeployShape | undefined {
  const strategy = strategies.find((one) => groups.some((group) => group.strategy === one));
  const maxUnavailable = common(groups.map(({ max_unavailable }) => max_unavailable));
  const waitTimeout = common(groups.map(({ wait_timeout }) => wait_timeout));
  const deploy = {
    ...(strategy && { strategy }),
    ...(maxUnavailable !== undefined && maxUnavailable !== "33%" && { maxUnavailable }),
    ...(waitTimeout !== undefined && !["5m", "5m0s"].includes(waitTimeout) && { waitTimeout }),
  };
  return Object.keys(deploy).length > 0 ? deploy : undefined;
}

/** The value that all have; undefined where they differ. */
function common<T>(values: readonly T[]): T | undefined {
  return new Set(values).size === 1 ? values[0] : undefined;
}
