/** CPU counts and memory that a machine may have, per kind of CPU. */
export interface CpuKind {
  readonly cpus: readonly number[];
  /** Memory of one CPU in MB: least (also the preset), most, and the step between allowed totals. */
  readonly leastMb: number;
  readonly mostMb: number;
  readonly stepMb: number;
}

/**
 * Kinds of CPU by the name that Fly uses in `guest.cpu_kind`.
 *
 * @see superfly/fly-go `machine_types.go` and superfly/flyctl `internal/machine/update.go` (read 2026-08)
 */
export const cpuKinds: Readonly<Record<"shared" | "performance", CpuKind>> = {
  shared: { cpus: [1, 2, 4, 6, 8], leastMb: 256, mostMb: 2048, stepMb: 256 },
  performance: { cpus: [1, 2, 4, 6, 8, 10, 12, 14, 16, 32, 64, 128], leastMb: 2048, mostMb: 8192, stepMb: 1024 },
};

/** Size of a machine as far as CPUs and memory go; what is left out is Fly's default (one shared CPU, the least memory). */
export interface GuestSize {
  readonly cpu_kind?: string;
  readonly cpus?: number;
  readonly memory_mb?: number;
}

/** One thing that Fly would refuse in a guest, and the attribute it is about. */
export interface GuestProblem {
  readonly attribute: "cpu_kind" | "cpus" | "memory_mb";
  readonly text: string;
}

/** The least memory for so many CPUs of the kind, which is also what Fly's presets have; undefined for an unknown kind. */
export function leastMemoryMb(kind: string, cpus: number): number | undefined {
  return isCpuKind(kind) ? cpuKinds[kind].leastMb * cpus : undefined;
}

/** The first reason why Fly would refuse the guest, with the values that it takes; undefined when it would not. */
export function guestProblem({ cpu_kind = "shared", cpus = 1, memory_mb }: GuestSize): GuestProblem | undefined {
  if (!isCpuKind(cpu_kind))
    return { attribute: "cpu_kind", text: `"${cpu_kind}" is no kind of CPU; use shared or performance` };
  const kind = cpuKinds[cpu_kind];
  if (!kind.cpus.includes(cpus))
    return { attribute: "cpus", text: `${cpus} ${cpu_kind} CPUs are not to be had; use ${either(kind.cpus)}` };
  const [least, most] = [kind.leastMb * cpus, kind.mostMb * cpus];
  if (memory_mb === undefined || (memory_mb >= least && memory_mb <= most && memory_mb % kind.stepMb === 0))
    return undefined;
  return {
    attribute: "memory_mb",
    text: `${memory_mb} MB ${memoryAdvice(memory_mb, least, most, kind.stepMb, `${cpus} ${cpu_kind}`)}`,
  };
}

function memoryAdvice(got: number, least: number, most: number, step: number, cpus: string): string {
  const bounds = `${cpus} CPU${cpus.startsWith("1 ") ? " takes" : "s take"} ${least} to ${most} MB in steps of ${step}`;
  if (got < least) return `is too little: ${bounds}; use ${least} or more`;
  if (got > most) return `is too much: ${bounds}; use ${most} or less, or more CPUs`;
  const below = Math.floor(got / step) * step;
  return `is not a whole number of ${step} MB steps: ${bounds}; use ${Math.max(least, below)} or ${Math.min(most, below + step)}`;
}

function isCpuKind(kind: string): kind is keyof typeof cpuKinds {
  return Object.hasOwn(cpuKinds, kind);
}

function either(values: readonly number[]): string {
  return `${values.slice(0, -1).join(", ")} or ${values.at(-1)}`;
}
