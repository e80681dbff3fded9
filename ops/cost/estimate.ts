/** What declared resources cost on Fly in a month; pure. The same for a configuration and for either side of a plan. */
import { z } from "zod";
import { machineMonth, priceList } from "../../provider/facts/price";

/** US dollars a month. */
export interface Range {
  /** As few machines as may run. */
  readonly floor: number;
  /** The machines that are made, none of them ever asleep. */
  readonly expected: number;
  /** As many machines as there may be, none of them ever asleep. */
  readonly ceiling: number;
}

interface CostItem extends Range {
  /** What is paid for, such as "group app: 2 to 10 x shared-2x 2048 MB in ord". */
  readonly what: string;
}

export interface Estimate extends Range {
  readonly items: readonly CostItem[];
  /** What has no known price. */
  readonly unknown: readonly string[];
}

/** A resource by its Terraform type and its attributes, configured or planned. */
export interface Priced {
  readonly type: string;
  readonly values: unknown;
}

const counts = z.object({ count: z.number().nullish(), min: z.number().nullish(), max: z.number().nullish() });
const group = z.object({
  group: z.string(),
  guest: z
    .object({ cpu_kind: z.string().nullish(), cpus: z.number().nullish(), memory_mb: z.number().nullish() })
    .nullish(),
  machines: z.record(z.string(), counts.loose()).nullish(),
  primary_region: z.string().nullish(),
  mount: z.object({ size_gb: z.number().nullish() }).nullish(),
  services: z
    .array(z.object({ autostop: z.unknown().optional(), min_machines_running: z.number().nullish() }))
    .nullish(),
});
const volume = z.object({ size_gb: z.number().nullish(), name: z.string().nullish() });
const address = z.object({ type: z.string() });

/** What these resources cost; resources that cost nothing are left out. */
export function estimate(resources: readonly Priced[]): Estimate {
  const unknown: string[] = [];
  const items = resources.flatMap(({ type, values }): CostItem[] => {
    if (type === "fly_process_group") return groupItems(group.parse(values), unknown);
    if (type === "fly_volume") {
      const { size_gb: size, name } = volume.parse(values);
      return [flat(`volume ${name ?? ""}: ${size ?? 1} GB`, (size ?? 1) * priceList.volumeGbMonth)];
    }
    if (type === "fly_ip_address" && address.parse(values).type === "v4")
      return [flat("dedicated IPv4 address", priceList.dedicatedV4Month)];
    return [];
  });
  return { ...sum(items), items, unknown };
}

/** Adds ranges up. */
export const sum = (ranges: readonly Range[]): Range => ({
  floor: total(ranges.map(({ floor }) => floor)),
  expected: total(ranges.map(({ expected }) => expected)),
  ceiling: total(ranges.map(({ ceiling }) => ceiling)),
});

function groupItems(
  { group: name, guest, machines, primary_region: primary, mount, services }: z.infer<typeof group>,
  unknown: string[],
): CostItem[] {
  const cpuKind = guest?.cpu_kind ?? "shared";
  const cpus = guest?.cpus ?? 1;
  const memoryMb = guest?.memory_mb ?? (cpuKind === "performance" ? 2048 : 256) * cpus;
  const sleeps = (services ?? []).some(
    ({ autostop }) => autostop !== undefined && autostop !== null && autostop !== "off" && autostop !== false,
  );
  const awake = Math.max(0, ...(services ?? []).map(({ min_machines_running: least }) => least ?? 0));
  return Object.entries(machines ?? {}).flatMap(([region, { count, min, max }]) => {
    const made = count ?? min ?? 1;
    const most = Math.max(count ?? max ?? made, made);
    const usd = machineMonth({ cpuKind, cpus, memoryMb }, region);
    const size = `${cpuKind}-${cpus}x ${memoryMb} MB in ${region}`;
    if (usd === undefined) {
      unknown.push(`group ${name}: ${size}`);
      return [];
    }
    const least = sleeps ? (region === primary ? Math.min(awake, made) : 0) : made;
    const range = { floor: least * usd, expected: made * usd, ceiling: most * usd };
    const what = `group ${name}: ${made === most ? made : `${made} to ${most}`} x ${size}${sleeps ? ", may sleep" : ""}`;
    const disk = (mount?.size_gb ?? 1) * priceList.volumeGbMonth;
    const volumes = mount
      ? [
          {
            what: `volumes of group ${name}: ${mount.size_gb ?? 1} GB each`,
            floor: made * disk,
            expected: made * disk,
            ceiling: most * disk,
          },
        ]
      : [];
    return [{ what, ...range }, ...volumes];
  });
}

const flat = (what: string, usd: number): CostItem => ({ what, floor: usd, expected: usd, ceiling: usd });

const total = (numbers: readonly number[]): number => numbers.reduce((all, one) => all + one, 0);
