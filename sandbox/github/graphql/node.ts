import { sees } from "../asker";
import { parseNodeId } from "../node-id";
import type { IssueRow, ProtectionRow, RepositoryRow } from "../row";
import { repositoryById } from "../state";
import { actorNode, appNode, teamNode } from "./account-node";
import { issueNode, pullNode } from "./issue-node";
import { labelNode } from "./label-node";
import { notFound } from "./not-found";
import { protectionNode } from "./protection-node";
import type { Scene } from "./scene";

/** Whatever a global id names. @throws NOT_FOUND */
export function node(scene: Scene, id: string): object {
  const { github } = scene.world.store.state;
  const parsed = parseNodeId(id);
  const number = Number(parsed?.id);
  switch (parsed?.kind) {
    case "Repository":
      return scene.repository(findRepositoryNode(scene, id));
    case "BranchProtectionRule": {
      const { repository, row } = findProtectionNode(scene, id);
      return protectionNode(scene, repository, row);
    }
    case "Issue":
    case "PullRequest": {
      const { repository, row } = issueById(scene, id);
      return row.pull ? pullNode(scene, repository, row) : issueNode(scene, repository, row);
    }
    case "User": {
      const user = [...github.users.values()].find((one) => one.id === number);
      if (user) return actorNode(scene, user.login);
      break;
    }
    case "Organization": {
      const organization = [...github.organizations.values()].find((one) => one.id === number);
      if (organization) return actorNode(scene, organization.login);
      break;
    }
    case "Team": {
      const team = github.teams.get(number);
      if (team) return teamNode(scene, team);
      break;
    }
    case "App": {
      const app = github.apps.get(number);
      if (app) return appNode(app);
      break;
    }
    case "Label": {
      const labels = repositories(scene).flatMap((repository) => [...repository.labels.values()]);
      const label = labels.find((one) => one.id === number);
      if (label) return labelNode(label);
      break;
    }
  }
  throw notFound(id);
}

/** The repository of a global id. @throws NOT_FOUND */
export function findRepositoryNode(scene: Scene, id: string): RepositoryRow {
  const parsed = parseNodeId(id);
  const row = parsed?.kind === "Repository" && repositoryById(scene.world.store.state.github, Number(parsed.id));
  if (!row || !sees(scene.world, scene.asker, row)) throw notFound(id);
  return row;
}

/** The classic rule of a global id. @throws NOT_FOUND */
export function findProtectionNode(scene: Scene, id: string): { repository: RepositoryRow; row: ProtectionRow } {
  const number = Number(parseNodeId(id)?.id);
  for (const repository of repositories(scene)) {
    const row = [...repository.protections.values()].find((one) => one.id === number);
    if (row) return { repository, row };
  }
  throw notFound(id);
}

/** The issue or pull request of a global id. @throws NOT_FOUND */
export function issueById(scene: Scene, id: string): { repository: RepositoryRow; row: IssueRow } {
  const number = Number(parseNodeId(id)?.id);
  for (const repository of repositories(scene)) {
    const row = [...repository.issues.values()].find((one) => one.id === number);
    if (row) return { repository, row };
  }
  throw notFound(id);
}

/** Repositories that the asker sees. */
function repositories({ world, asker }: Scene): RepositoryRow[] {
  return [...world.store.state.github.repositories.values()].filter((row) => sees(world, asker, row));
}
