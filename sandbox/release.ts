import type { AppRow, ReleaseRow } from "./row";
import type { World } from "./world";

/** How a release can end or stand; flyctl writes all but the first. */
export const releaseStatuses = ["pending", "running", "complete", "failed", "interrupted"] as const;

export type ReleaseStatus = (typeof releaseStatuses)[number];

/** What the maker of a release says of it. */
export interface NewRelease {
  readonly image: string;
  /** One of {@link strategies}. */
  readonly strategy: string;
  /** fly.toml as JSON; null when there is none. */
  readonly definition: unknown;
  /** E-mail or token name of who makes it. */
  readonly user: string;
}

/** Ways to roll out, as uiex and GraphQL spell them. */
export const strategies = ["BLUEGREEN", "CANARY", "IMMEDIATE", "ROLLING", "ROLLING_ONE", "SIMPLE"] as const;

/** Records a release; its version is one more than that of the app's newest. */
export function createRelease(
  world: World,
  app: AppRow,
  { image, strategy, definition, user }: NewRelease,
): ReleaseRow {
  const release: ReleaseRow = {
    id: world.ids.hex(16),
    version: (newestRelease(app)?.version ?? 0) + 1,
    status: "pending",
    strategy,
    imageRef: image,
    definition,
    description: "Release",
    user,
    createdAt: world.clock.now(),
  };
  app.releases.push(release);
  world.store.touch();
  return release;
}

/** Says how a release stands. */
export function setReleaseStatus(world: World, release: ReleaseRow, status: ReleaseStatus): void {
  release.status = status;
  world.store.touch();
}

/** The newest release, whatever became of it; undefined for an app that was never deployed. */
export const newestRelease = (app: AppRow): ReleaseRow | undefined => app.releases.at(-1);

/** Releases, newest first; `status` keeps those that stand so. */
export function newestReleases(app: AppRow, status?: string | null): ReleaseRow[] {
  return app.releases.filter((release) => !status || release.status === status).reverse();
}

/** Whether a release has not ended yet. */
export const isInProgress = ({ status }: ReleaseRow): boolean => status === "pending" || status === "running";

/** Whether a release came to a good end. */
export const isStable = ({ status }: ReleaseRow): boolean => status === "complete";
