import { invalid } from "../error";
import type { MachineConfig } from "./config-schema";

type Guest = NonNullable<MachineConfig["guest"]>;

/** CPU counts and memory per CPU (MB) of each kind. @see fly-go machine_types.go (read 2026-08) */
const kinds = {
  shared: { cpus: [1, 2, 4, 6, 8], leastMb: 256, mostMb: 2048, stepMb: 256 },
  performance: { cpus: [1, 2, 4, 6, 8, 10, 12, 14, 16, 32, 64, 128], leastMb: 2048, mostMb: 8192, stepMb: 1024 },
} as const;

/** The guest with Fly's defaults filled in. @throws 400 when no host has such a guest */
export function completeGuest(guest: Guest | undefined, size: string | undefined): Guest {
  if (guest && size) throw invalid("config.size and config.guest are exclusive");
  const asked = size ? preset(size) : (guest ?? {});
  const cpuKind = asked.cpu_kind ?? "shared";
  const { cpus: counts, leastMb, mostMb, stepMb } = kinds[cpuKind];
  const cpus = asked.cpus ?? 1;
  if (!counts.some((known) => known === cpus)) {
    throw invalid(`invalid config.guest.cpus: ${cpus} ${cpuKind} CPUs; allowed are ${counts.join(", ")}`);
  }
  const memoryMb = asked.memory_mb ?? leastMb * cpus;
  const between = `between ${leastMb * cpus} and ${mostMb * cpus} MiB in steps of ${stepMb}`;
  if (memoryMb < leastMb * cpus || memoryMb > mostMb * cpus || memoryMb % stepMb !== 0) {
    throw invalid(`invalid config.guest.memory_mb: ${memoryMb} MiB; ${cpus} ${cpuKind} CPUs take ${between}`);
  }
  if (asked.max_memory_mb !== undefined && asked.max_memory_mb !== 0 && asked.max_memory_mb < memoryMb) {
    throw invalid(`invalid config.guest.max_memory_mb: ${asked.max_memory_mb} is less than memory_mb ${memoryMb}`);
  }
  return { ...asked, cpu_kind: cpuKind, cpus, memory_mb: memoryMb };
}

function preset(size: string): Guest {
  const match = /^(?:(shared)-cpu|(performance))-(\d+)x$/.exec(size);
  if (!match) throw invalid(`invalid config.size: "${size}" is not a machine size`);
  return { cpu_kind: match[1] ? "shared" : "performance", cpus: Number(match[3]) };
}
