/** Which previews there are and which of them nobody needs any more. */
import type { Fly, FlyReader } from "../../api/fly";
import type { PreviewPattern } from "./pattern";

export interface LivePreview {
  readonly number: number;
  readonly app: string;
  readonly machines: number;
  /** When its oldest machine was made; undefined: it has none. */
  readonly since: string | undefined;
  /** "unknown": nobody was asked. */
  readonly pullRequest: "open" | "closed" | "missing" | "unknown";
}

/** What a pull request's state is; undefined: there is no such pull request. */
export type PullRequestState = (number: number) => Promise<"open" | "closed" | undefined>;

/** Every preview in the organization, found by listing it: state is not asked. By number. */
export async function livePreviews(
  fly: FlyReader,
  { organization, numberOf }: PreviewPattern,
  stateOf: PullRequestState | undefined,
): Promise<readonly LivePreview[]> {
  const [apps, { machines }] = await Promise.all([
    fly.apps.list(organization),
    fly.machines.listOrganization(organization),
  ]);
  const found = apps.flatMap(({ name }) => {
    const number = numberOf(name);
    return number === undefined ? [] : [{ name, number }];
  });
  const previews = await Promise.all(
    found.map(async ({ name, number }): Promise<LivePreview> => {
      const own = machines.filter(({ app_name }) => app_name === name);
      const [since] = own.flatMap(({ created_at = [] }) => created_at).sort();
      const pullRequest = stateOf ? ((await stateOf(number)) ?? "missing") : "unknown";
      return { number, app: name, machines: own.length, since, pullRequest };
    }),
  );
  return previews.sort((a, b) => a.number - b.number);
}

/** Previews whose pull request is closed, or does not exist. */
export const orphansOf = (previews: readonly LivePreview[]): readonly LivePreview[] =>
  previews.filter(({ pullRequest }) => pullRequest === "closed" || pullRequest === "missing");

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
