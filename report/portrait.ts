import { isObject } from "./difference";

/**
 * What a resource is on Fly, in a few words out of its values: its natural key, and of a process group how many machines of what size,
 * so that a plan which makes or destroys it can be judged without looking elsewhere. Empty where the values do not say.
 */
export function portrait(type: string, values: unknown): string {
  if (!type.startsWith("fly_") || !isObject(values)) return "";
  const key = typeof values.id === "string" ? values.id : `${values.type ?? type} of ${values.app}`;
  const sizes = [...machines(values.machines), ...guest(values.guest)];
  return sizes.length > 0 ? `${key} (${sizes.join(", ")})` : key;
}

function machines(regions: unknown): readonly string[] {
  if (!isObject(regions)) return [];
  return Object.entries(regions).flatMap(([region, bounds]) => {
    if (!isObject(bounds)) return [];
    const { count, min, max } = bounds;
    return [`${count ?? `${min} to ${max}`} in ${region}`];
  });
}

function guest(size: unknown): readonly string[] {
  if (!isObject(size)) return [];
  const { cpu_kind, cpus, memory_mb } = size;
  return [`${cpus} ${cpu_kind} ${cpus === 1 ? "CPU" : "CPUs"}`, `${memory_mb} MB`];
}
