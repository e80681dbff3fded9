/** Which previews there are and which of them nobody needs any more. */
import type { Fly, FlyReader, OrganizationMachine } from "../../api/fly";
import { instant, markOn, sameRepository, stayMs, usualStay } from "./mark";
import type { PreviewPattern } from "./pattern";
import type { OpenPullRequests } from "./pull-request";

export interface LivePreview {
  readonly number: number;
  readonly app: string;
  readonly machines: number;
  /** When its oldest machine was made; undefined: it has none. */
  readonly since: string | undefined;
  /** As its machines say, else whoever opened the pull request. */
  readonly owner: string | undefined;
  /** As its machines say, else 14 days after the last change of a machine; undefined: it has none. */
  readonly expires: string | undefined;
  /** "closed": closed, or there never was one. "unknown": nobody was asked. "elsewhere": its machines name another repository. */
  readonly pullRequest: "open" | "closed" | "unknown" | "elsewhere";
  /** Why nobody needs it any more; undefined: somebody does, or it is not known. */
  readonly orphan: "pull request closed" | "expired" | undefined;
}

/**
 * Every preview in the organization, found by listing it: state is not asked. By number. Two calls of Fly.
 *
 * @param askPulls undefined: GitHub is not asked, and then nothing is an orphan. Asked after Fly: a pull request is open before its preview
 *   is made, so that one which was opened meanwhile is never missed.
 * @param now Unix ms
 */
export async function livePreviews(
  fly: FlyReader,
  { organization, numberOf }: PreviewPattern,
  askPulls: (() => Promise<OpenPullRequests>) | undefined,
  now: number,
): Promise<readonly LivePreview[]> {
  const [apps, { machines }] = await Promise.all([
    fly.apps.list(organization),
    fly.machines.listOrganization(organization),
  ]);
  const pulls = await askPulls?.();
  return apps
    .flatMap(({ name: app }) => {
      const number = numberOf(app);
      if (number === undefined) return [];
      return [judged({ number, app, own: machines.filter(({ app_name }) => app_name === app) }, pulls, now)];
    })
    .sort((a, b) => a.number - b.number);
}

interface Found {
  readonly number: number;
  readonly app: string;
  readonly own: readonly OrganizationMachine[];
}

function judged({ number, app, own }: Found, pulls: OpenPullRequests | undefined, now: number): LivePreview {
  const { owner, expires = untouched(own), repository } = markOn(own);
  const [since] = own.flatMap(({ created_at = [] }) => created_at).sort();
  const elsewhere = pulls && repository !== undefined && !sameRepository(repository, pulls.repository);
  const open = pulls?.authors.has(number);
  const pullRequest = elsewhere ? "elsewhere" : !pulls ? "unknown" : open ? "open" : "closed";
  const late = expires !== undefined && Date.parse(expires) < now;
  const orphan = { open: late ? ("expired" as const) : undefined, closed: "pull request closed" as const };
  return {
    number,
    app,
    machines: own.length,
    since,
    owner: owner ?? pulls?.authors.get(number),
    expires,
    pullRequest,
    orphan: pullRequest === "open" || pullRequest === "closed" ? orphan[pullRequest] : undefined,
  };
}

/** A preview that flyctl made bears no mark: it stays as long as any other after its last change. */
function untouched(machines: readonly OrganizationMachine[]): string | undefined {
  const last = machines
    .flatMap(({ created_at = [], updated_at = created_at }) => updated_at)
    .sort()
    .at(-1);
  return last === undefined ? undefined : instant(Date.parse(last) + stayMs(usualStay));
}

/**
 * Removes a preview's app, and with it all that it holds; the name has to be exactly that of the number. Doing it again is quiet.
 *
 * @returns whether there was something to remove
 */
export async function removePreview(
  fly: Fly,
  { appOf, organization }: PreviewPattern,
  number: number,
): Promise<boolean> {
  const app = appOf(number);
  const found = await fly.apps.find(app);
  if (!found || found.organization.slug !== organization) return false;
  await fly.apps.delete(app);
  return true;
}
