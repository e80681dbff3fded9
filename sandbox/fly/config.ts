import { invalid } from "../error";
import type { MachineConfig } from "./config-schema";
import { parseDuration } from "./duration";
import { completeGuest } from "./guest";

/** Keys whose value is a map in Fly's schema; an empty one is left out, an empty object elsewhere stays. */
const maps = new Set(["env", "metadata", "checks", "headers"]);

/**
 * The configuration as Fly gives it back: defaults filled in, values rewritten, empty lists and maps left out.
 * Mounts are completed by the caller, who knows the volume.
 *
 * @throws 400 for what the schema alone cannot see
 */
export function canonicalConfig(sent: MachineConfig): MachineConfig {
  if (!sent.image && !sent.containers?.length) throw invalid("config.image is required");
  const { size, ...config } = sent;
  return withoutEmpty({
    ...config,
    guest: completeGuest(config.guest, size),
    restart: config.restart?.policy ? config.restart : { policy: "on-failure", max_retries: 10, ...config.restart },
    ...(config.services && { services: config.services.map(clampIntervals) }),
  });
}

type Service = NonNullable<MachineConfig["services"]>[number];

/** Fly checks at least once a minute, whatever a service asks for. */
function clampIntervals(service: Service): Service {
  if (!service.checks) return service;
  const slow = (interval: string | undefined) => interval !== undefined && (parseDuration(interval) ?? 0) > 60e9;
  return {
    ...service,
    checks: service.checks.map((check) => (slow(check.interval) ? { ...check, interval: "1m0s" } : check)),
  };
}

function withoutEmpty(config: MachineConfig): MachineConfig {
  return JSON.parse(JSON.stringify(config), (key: string, value: unknown) => {
    if (Array.isArray(value) && value.length === 0) return undefined;
    if (maps.has(key) && isEmptyObject(value)) return undefined;
    return value;
  });
}

function isEmptyObject(value: unknown): boolean {
  return typeof value === "object" && value !== null && Object.keys(value).length === 0;
}
