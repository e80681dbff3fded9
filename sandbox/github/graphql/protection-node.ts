import { GraphQLError } from "graphql";
import { requirePermission } from "../asker";
import { nodeId, parseNodeId } from "../node-id";
import { noActors } from "../protection";
import type { ActorNames, ProtectionRow, RepositoryRow } from "../row";
import { findTeam, findUser, roleOf } from "../state";
import { actorNode, appNode, teamNode } from "./account-node";
import { connection, type ListArguments, type Scene } from "./scene";

/** A classic rule. */
export function protectionNode(scene: Scene, repository: RepositoryRow, row: ProtectionRow) {
  const { reviews, statusChecks, restrictions } = row;
  const { github } = scene.world.store.state;
  const allowances =
    (names: ActorNames = noActors()) =>
    (given: ListArguments) => {
      const actors = [
        ...names.users.map((login) => actorNode(scene, login)),
        ...names.teams.flatMap((slug) => {
          const team = findTeam(github, repository.owner, slug);
          return team ? [teamNode(scene, team)] : [];
        }),
        ...[...github.apps.values()].filter(({ slug }) => names.apps.includes(slug)).map(appNode),
      ];
      return connection(actors, given, (actor) => ({ actor }));
    };
  return {
    __typename: "BranchProtectionRule",
    id: nodeId("BranchProtectionRule", row.id),
    databaseId: row.id,
    pattern: row.pattern,
    repository: () => scene.repository(repository),
    creator: actorNode(scene, row.creator),
    allowsDeletions: row.allowDeletions,
    allowsForcePushes: row.allowForcePushes,
    blocksCreations: row.blockCreations,
    dismissesStaleReviews: reviews?.dismissStale ?? false,
    isAdminEnforced: row.enforceAdmins,
    lockAllowsFetchAndMerge: false,
    lockBranch: row.lockBranch,
    requireLastPushApproval: reviews?.lastPush ?? false,
    requiredApprovingReviewCount: reviews?.count ?? null,
    requiredDeploymentEnvironments: [],
    requiredStatusCheckContexts: statusChecks?.checks.map(({ context }) => context) ?? [],
    requiresApprovingReviews: reviews !== undefined,
    requiresCodeOwnerReviews: reviews?.codeOwners ?? false,
    requiresCommitSignatures: row.signatures,
    requiresConversationResolution: row.conversationResolution,
    requiresDeployments: false,
    requiresLinearHistory: row.linearHistory,
    requiresStatusChecks: statusChecks !== undefined,
    requiresStrictStatusChecks: statusChecks?.strict ?? false,
    restrictsPushes: restrictions !== undefined,
    restrictsReviewDismissals: reviews?.dismissal !== undefined,
    pushAllowances: allowances(restrictions),
    reviewDismissalAllowances: allowances(reviews?.dismissal),
    bypassPullRequestAllowances: allowances(reviews?.bypass),
    bypassForcePushAllowances: allowances(row.forcePushBypass),
  };
}

/** What both mutations carry; absent leaves a field as it is. */
export interface ProtectionInput {
  readonly pattern?: string;
  readonly allowsDeletions?: boolean;
  readonly allowsForcePushes?: boolean;
  readonly blocksCreations?: boolean;
  readonly bypassForcePushActorIds?: readonly string[];
  readonly bypassPullRequestActorIds?: readonly string[];
  readonly dismissesStaleReviews?: boolean;
  readonly isAdminEnforced?: boolean;
  readonly lockBranch?: boolean;
  readonly pushActorIds?: readonly string[];
  readonly requireLastPushApproval?: boolean;
  readonly requiredApprovingReviewCount?: number;
  readonly requiredStatusCheckContexts?: readonly string[];
  readonly requiresApprovingReviews?: boolean;
  readonly requiresCodeOwnerReviews?: boolean;
  readonly requiresCommitSignatures?: boolean;
  readonly requiresConversationResolution?: boolean;
  readonly requiresLinearHistory?: boolean;
  readonly requiresStatusChecks?: boolean;
  readonly requiresStrictStatusChecks?: boolean;
  readonly restrictsPushes?: boolean;
  readonly restrictsReviewDismissals?: boolean;
  readonly reviewDismissalActorIds?: readonly string[];
}

/** Writes a classic rule, a new one or over `before`. @throws when the pattern has one already */
export function putProtection(
  scene: Scene,
  repository: RepositoryRow,
  input: ProtectionInput,
  before?: ProtectionRow,
): ProtectionRow {
  const { world, asker } = scene;
  requirePermission(world, asker, repository, { name: "administration", level: "write", role: "admin" });
  const pattern = input.pattern ?? before?.pattern ?? "";
  if (pattern !== before?.pattern && repository.protections.has(pattern)) {
    throw new GraphQLError(`Name already protected: ${pattern}`, { extensions: { type: "UNPROCESSABLE" } });
  }
  const actors = (ids: readonly string[] | null | undefined, old?: ActorNames) =>
    ids == null ? (old ?? noActors()) : namesOf(scene, repository, ids);
  const contexts =
    input.requiredStatusCheckContexts ?? before?.statusChecks?.checks.map(({ context }) => context) ?? [];
  const wantsReviews = input.requiresApprovingReviews ?? before?.reviews !== undefined;
  const wantsChecks = input.requiresStatusChecks ?? before?.statusChecks !== undefined;
  const wantsDismissal = input.restrictsReviewDismissals ?? before?.reviews?.dismissal !== undefined;
  const row: ProtectionRow = {
    id: before?.id ?? world.ids.number(),
    pattern,
    enforceAdmins: input.isAdminEnforced ?? before?.enforceAdmins ?? false,
    ...(wantsChecks && {
      statusChecks: {
        strict: input.requiresStrictStatusChecks ?? before?.statusChecks?.strict ?? false,
        checks: contexts.map((context) => ({ context, app_id: null })),
      },
    }),
    ...(wantsReviews && {
      reviews: {
        count: input.requiredApprovingReviewCount ?? before?.reviews?.count ?? 1,
        dismissStale: input.dismissesStaleReviews ?? before?.reviews?.dismissStale ?? false,
        codeOwners: input.requiresCodeOwnerReviews ?? before?.reviews?.codeOwners ?? false,
        lastPush: input.requireLastPushApproval ?? before?.reviews?.lastPush ?? false,
        ...(wantsDismissal && { dismissal: actors(input.reviewDismissalActorIds, before?.reviews?.dismissal) }),
        bypass: actors(input.bypassPullRequestActorIds, before?.reviews?.bypass),
      },
    }),
    ...((input.restrictsPushes ?? before?.restrictions !== undefined) && {
      restrictions: actors(input.pushActorIds, before?.restrictions),
    }),
    blockCreations: input.blocksCreations ?? before?.blockCreations ?? false,
    linearHistory: input.requiresLinearHistory ?? before?.linearHistory ?? false,
    allowForcePushes: input.allowsForcePushes ?? before?.allowForcePushes ?? false,
    forcePushBypass: actors(input.bypassForcePushActorIds, before?.forcePushBypass),
    allowDeletions: input.allowsDeletions ?? before?.allowDeletions ?? false,
    conversationResolution: input.requiresConversationResolution ?? before?.conversationResolution ?? false,
    signatures: input.requiresCommitSignatures ?? before?.signatures ?? false,
    lockBranch: input.lockBranch ?? before?.lockBranch ?? false,
    creator: before?.creator ?? asker.login,
  };
  if (before) repository.protections.delete(before.pattern);
  repository.protections.set(pattern, row);
  return row;
}

/** The actors behind global ids; who cannot write is dropped, as GitHub does. */
function namesOf({ world }: Scene, repository: RepositoryRow, ids: readonly string[]): ActorNames {
  const { github } = world.store.state;
  const names = noActors();
  for (const id of ids) {
    const node = parseNodeId(id);
    const number = Number(node?.id);
    if (node?.kind === "Team") names.teams.push(github.teams.get(number)?.slug ?? "");
    if (node?.kind === "App") names.apps.push(github.apps.get(number)?.slug ?? "");
    const login = node?.kind === "User" && [...github.users.values()].find((user) => user.id === number)?.login;
    if (login && findUser(github, login) && roleOf(github, repository, login)) names.users.push(login);
  }
  return names;
}
