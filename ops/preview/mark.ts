/**
 * Whose a preview is and how long it stays, written on its machines: Fly keeps notes on machines alone. The app says the number of the pull
 * request by its name; volumes, addresses, certificates and secrets belong to the app and go with it.
 */
import type { Fly, FlyReader, Machine } from "../../api/fly";
import { previewStayDays } from "../../config/preview-number";
import { Failure } from "../failure";

/** What is written on a machine. */
export interface PreviewMark {
  /** Login of whoever opened the pull request, or began the run; "unknown": neither is known. */
  readonly owner: string;
  /** ISO 8601, UTC, to the second. */
  readonly expires: string;
  /** "owner/name" of the pull request's repository; undefined: not known. */
  readonly repository: string | undefined;
}

const keys = {
  number: "preview_pull_request",
  owner: "preview_owner",
  expires: "preview_expires",
  repository: "preview_repository",
} as const;

/** How long a preview stays after it was last made or changed, where nobody says otherwise. */
export const usualStay = `${previewStayDays}d`;

/**
 * How long "14d" or "36h" is, in ms.
 *
 * @throws Failure for anything else, and for more than 90 days
 */
export function stayMs(text: string): number {
  const [, count = "", unit] = /^(\d{1,4})([dh])$/.exec(text) ?? [];
  const ms = Number(count) * (unit === "d" ? 24 : 1) * 3_600_000;
  if (unit !== undefined && ms > 0 && ms <= 90 * 86_400_000) return ms;
  throw new Failure(
    `--ttl ${text} is no time that a preview can stay. Nothing was changed. Write days or hours, at most 90 days: 14d, 36h. [infra/preview-ttl]`,
  );
}

/** ISO 8601 to the second. @param ms Unix time */
export const instant = (ms: number): string => `${new Date(ms).toISOString().slice(0, 19)}Z`;

/** Writes the mark on every machine that does not bear it. A machine is not restarted by it. */
export async function mark(fly: Fly, app: string, number: number, wanted: PreviewMark): Promise<void> {
  const metadata: Record<string, string> = {
    [keys.number]: String(number),
    [keys.owner]: wanted.owner,
    [keys.expires]: wanted.expires,
    ...(wanted.repository !== undefined && { [keys.repository]: wanted.repository }),
  };
  const differs = (machine: Machine) =>
    Object.entries(metadata).some(([key, value]) => machine.config?.metadata?.[key] !== value);
  const machines = (await fly.machines.list(app)).filter(differs);
  await Promise.all(machines.map(({ id }) => fly.machines.setMetadata(app, id, metadata)));
}

/**
 * Two repositories may name their previews alike, in one organization.
 *
 * @param repository "owner/name" that the preview is to be of; undefined: nobody knows, and nothing is compared
 * @throws Failure when machines of the app name another one
 */
export async function refuseForeign(fly: FlyReader, app: string, repository: string | undefined): Promise<void> {
  if (repository === undefined || !(await fly.apps.find(app))) return;
  const { repository: theirs } = markOn(await fly.machines.list(app));
  if (theirs === undefined || sameRepository(theirs, repository)) return;
  throw new Failure(
    `${app} is a preview of ${theirs}, not of ${repository}. Nothing was changed. Give the previews of one of them another name, with {number} in it. [infra/preview-elsewhere]`,
  );
}

/** GitHub's names are the same in upper and lower case. */
export const sameRepository = (one: string, other: string): boolean => one.toLowerCase() === other.toLowerCase();

/** What the machines of a preview say, as far as they agree on it: the newest expiry counts. */
export function markOn(
  machines: readonly { readonly config?: { readonly metadata?: Readonly<Record<string, string>> } | null }[],
): Partial<PreviewMark> {
  const values = (key: string) =>
    machines.flatMap(({ config }) => config?.metadata?.[key] ?? []).filter((value) => value !== "");
  const expires = values(keys.expires).filter((text) => !Number.isNaN(Date.parse(text)));
  return {
    owner: values(keys.owner)[0],
    expires: expires.sort().at(-1),
    repository: values(keys.repository)[0],
  };
}
