import { at } from "../context";
import { nodeId } from "../node-id";
import type { DeploymentRow, RepositoryRow } from "../row";
import { actorNode } from "./account-node";
import { connection, type ListArguments, type Scene } from "./scene";

/** Arguments of a list of deployments. */
export interface DeploymentArguments extends ListArguments {
  readonly environments?: readonly string[] | null;
  readonly orderBy?: { readonly direction: "ASC" | "DESC" } | null;
}

/** Deployments of a repository, oldest first unless asked otherwise. */
export function deploymentNodes(scene: Scene, repository: RepositoryRow, given: DeploymentArguments) {
  const all = [...repository.deployments.values()].filter(
    ({ environment }) => given.environments?.includes(environment) ?? true,
  );
  if (given.orderBy?.direction === "DESC") all.reverse();
  return connection(all, given, (row) => deploymentNode(scene, row));
}

function deploymentNode(scene: Scene, row: DeploymentRow): object {
  const last = row.statuses.at(-1);
  return {
    __typename: "Deployment",
    id: nodeId("Deployment", row.id),
    databaseId: row.id,
    commitOid: row.sha,
    environment: row.environment,
    originalEnvironment: row.environment,
    task: row.task,
    description: row.description,
    payload: typeof row.payload === "string" ? row.payload : JSON.stringify(row.payload),
    state: stateOf(last?.state),
    createdAt: at(row.createdAt),
    updatedAt: at(row.updatedAt),
    creator: () => actorNode(scene, row.login),
    latestStatus: last
      ? {
          __typename: "DeploymentStatus",
          id: nodeId("DeploymentStatus", last.id),
          state: last.state.toUpperCase(),
          description: last.description || null,
          logUrl: last.log_url || null,
          environmentUrl: last.environment_url || null,
          environment: last.environment,
          createdAt: at(last.at),
          updatedAt: at(last.at),
          creator: () => actorNode(scene, last.login),
        }
      : null,
  };
}

/** GraphQL calls what stands "active", and what nobody has reported on "pending". */
function stateOf(state: DeploymentRow["statuses"][number]["state"] | undefined): string {
  if (state === undefined) return "PENDING";
  return state === "success" ? "ACTIVE" : state.toUpperCase();
}
