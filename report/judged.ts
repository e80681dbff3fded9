/** Words about what only the drift report says of a finding, for every face of it. */
import { harmless } from "./harmless";
import type { Finding, Ignored, Origin } from "./model";

/** "since 2026-11-20 14:03 UTC by ann@example.org (newest update of machine 9e6b)"; says what is unknown. */
export function originWords({ since, by, source }: Origin): string {
  if (since === null && by === null) return harmless(`since when and by whom: unknown (${source})`);
  return harmless(`since ${since === null ? "unknown" : minute(since)} by ${by ?? "unknown"} (${source})`);
}

/** "2026-11-20 14:03 UTC"; what is no time stays as it is. */
export function minute(iso: string): string {
  const time = new Date(iso);
  return Number.isNaN(time.getTime()) ? iso : `${time.toISOString().slice(0, 16).replace("T", " ")} UTC`;
}

/** "high · since ... · id 3f2a1c9e"; empty for a finding that nobody judged. Who changed the configuration is git's to say. */
export function judgedWords({ id, kind, severity, origin }: Finding): string {
  const told = origin && kind !== "pending" ? [originWords(origin)] : [];
  return [...(severity ? [severity] : []), ...told, ...(id ? [`id ${id}`] : [])].join(" · ");
}

/** "ignored until 2026-12-31 by ann: a load test". */
export const ignoredWords = ({ by: { kind, until, owner, reason } }: Ignored): string =>
  harmless(`${kind === "known" ? "known, to be repaired by" : "ignored until"} ${until} (${owner}): ${reason}`);

/** "fly_process_group.app guest.memory_mb". */
export const whereOf = ({ address, path }: Finding): string => harmless(path === "" ? address : `${address} ${path}`);
