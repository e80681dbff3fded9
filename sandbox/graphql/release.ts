import { isInProgress, isStable } from "../release";
import type { ReleaseRow } from "../row";
import { timestamp } from "../world";
import type { Fields } from "./resolver";
import { findUser } from "./user";

/** Fields of a release. */
export const releaseFields = {
  stable: isStable,
  inProgress: isInProgress,
  reason: () => "deploy",
  deploymentStrategy: ({ strategy }) => strategy,
  evaluationId: () => null,
  createdAt: ({ createdAt }) => timestamp(createdAt),
  user: ({ user }, _args, asker) => findUser(asker, user),
} as const satisfies Fields<ReleaseRow>;

/** Fields of an unprocessed release: it has what it was made from as well. */
export const unprocessedReleaseFields = {
  ...releaseFields,
  configDefinition: ({ definition }) => definition ?? null,
} as const satisfies Fields<ReleaseRow>;
