/**
 * What Fly asks, as dated data: an estimate, never a bill.
 *
 * Machines: the second of a preset with the least memory, more memory by the GB, times the region's markup. Read off the rendered pricing
 * page of 2025-08-19 and compared with the examples in Fly's documentation of 2026-08-07, which agree.
 * @see https://fly.io/docs/about/pricing/
 */
export const priceList = {
  validFrom: "2025-08-19",
  source: "https://fly.io/docs/about/pricing/",
  /** US dollars a second, for one CPU with its least memory. */
  cpuSecond: { shared: 0.75e-6, performance: 11.96e-6 },
  /** Memory in MB that comes with one CPU. */
  includedMb: { shared: 256, performance: 2048 },
  /** US dollars a second for each further GB. */
  memoryGbSecond: 1.93e-6,
  /** Thirty days. */
  monthSeconds: 2_592_000,
  volumeGbMonth: 0.15,
  dedicatedV4Month: 2,
  /** Factor by region. */
  markup: {
    ams: 1.04,
    arn: 1.04,
    bom: 1.077,
    cdg: 1.135,
    dfw: 1.25,
    ewr: 1,
    fra: 1.154,
    gru: 1.616,
    iad: 1,
    jnb: 1.303,
    lax: 1.2,
    lhr: 1.135,
    nrt: 1.308,
    ord: 1.25,
    sin: 1.27,
    sjc: 1.194,
    syd: 1.27,
    yyz: 1.115,
  } as Readonly<Record<string, number>>,
} as const;

/** US dollars a month for one machine that never stops; undefined: no price is known for that region or kind of CPU. */
export function machineMonth(
  { cpuKind, cpus, memoryMb }: { readonly cpuKind: string; readonly cpus: number; readonly memoryMb: number },
  region: string,
): number | undefined {
  const markup = priceList.markup[region];
  if (markup === undefined || (cpuKind !== "shared" && cpuKind !== "performance")) return undefined;
  const extraGb = Math.max(0, memoryMb - priceList.includedMb[cpuKind] * cpus) / 1024;
  const second = priceList.cpuSecond[cpuKind] * cpus + extraGb * priceList.memoryGbSecond;
  return second * markup * priceList.monthSeconds;
}
