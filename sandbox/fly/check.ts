import type { AppRow, MachineRow } from "../row";
import { timestamp, type World } from "../world";

export interface CheckStatus {
  name: string;
  status: "passing" | "warning" | "critical";
  output: string;
  updated_at: string;
}

/**
 * Results of a machine's checks now. Empty right after a start; all pass then, but for an image whose tag begins
 * with `unhealthy` and for a fault. Of a machine that does not run they carry no meaning, as on Fly.
 */
export function checkStatuses(world: World, app: AppRow, machine: MachineRow): CheckStatus[] {
  const names = checkNames(machine.config);
  if (machine.state !== "started") {
    const updated_at = timestamp(machine.updatedAt);
    return names.map((name) => ({ name, status: "warning", output: "the machine hasn't started", updated_at }));
  }
  const firstAt = machine.startedAt + world.timings.checkMs;
  if (world.clock.now() < firstAt) return [];
  const unhealthy = machine.imageRef.tag?.startsWith("unhealthy") ?? false;
  const extra = machine.extraChecks?.map((check) => ({ ...check, output: "", updated_at: timestamp(firstAt) })) ?? [];
  const own = names.map((name) => {
    const status = world.faults.checkStatus(app.name, machine.id, name) ?? (unhealthy ? "critical" : "passing");
    return { name, status, output: outputs[status], updated_at: timestamp(firstAt) };
  });
  return [...own, ...extra];
}

const outputs = { passing: "200 OK", warning: "no answer yet", critical: "connect: connection refused" } as const;

/** Names of the results: top-level checks keep theirs; equal service checks give one result. */
function checkNames(config: MachineRow["config"]): string[] {
  const seen = new Map<string, string>();
  for (const { internal_port, checks = [] } of config?.services ?? []) {
    checks.forEach((check, index) => {
      const name = `servicecheck-${String(index).padStart(2, "0")}-${check.type}-${internal_port}`;
      const same = JSON.stringify([internal_port, check]);
      if (!seen.has(same)) seen.set(same, name);
    });
  }
  return [...seen.values(), ...Object.keys(config?.checks ?? {})];
}
