import { GraphQLError } from "graphql";
import { sees } from "../asker";
import { findRepository, findUser } from "../state";
import { actorNode, organizationNode } from "./account-node";
import { issueNode, pullNode } from "./issue-node";
import { node } from "./node";
import { connection, type ListArguments, type Scene } from "./scene";

const unresolved = (words: string) =>
  new GraphQLError(`Could not resolve to ${words}.`, { extensions: { type: "NOT_FOUND" } });

/** Questions that the provider and gh ask. */
export function queries(scene: Scene) {
  const { world, asker } = scene;
  return {
    node: ({ id }: { id: string }) => node(scene, id),
    nodes: ({ ids }: { ids: string[] }) => ids.map((id) => node(scene, id)),
    viewer: () => actorNode(scene, asker.login),
    repository: ({ owner, name }: { owner: string; name: string }) => {
      const row = findRepository(world.store.state.github, owner, name);
      if (!row || !sees(world, asker, row)) throw unresolved(`a Repository with the name '${owner}/${name}'`);
      return scene.repository(row);
    },
    organization: ({ login }: { login: string }) => {
      const found = organizationNode(scene, login);
      if (!found) throw unresolved(`an Organization with the login of '${login}'`);
      return found;
    },
    user: ({ login }: { login: string }) => {
      if (!findUser(world.store.state.github, login)) throw unresolved(`a User with the login of '${login}'`);
      return actorNode(scene, login);
    },
    repositoryOwner: ({ login }: { login: string }) => actorNode(scene, login),
    rateLimit: { limit: 5000, cost: 1, remaining: 4999, used: 1, nodeCount: 1, resetAt: "2099-01-01T00:00:00Z" },
    search: ({ query, ...given }: ListArguments & { query: string }) => {
      const found = searchIssues(scene, query);
      return { ...connection(found, given, (one) => one), issueCount: found.length };
    },
  };
}

/** Issues and pull requests for a search with `repo:`, `state:`, `is:`, `label:` and `type:`. */
function searchIssues(scene: Scene, query: string): object[] {
  const terms = [...query.matchAll(/(\w[\w-]*):("[^"]+"|\S+)/g)].map(
    ([, key, value = ""]) => [key, value.replaceAll('"', "")] as const,
  );
  const all = (key: string) => terms.flatMap(([one, value]) => (one === key ? [value] : []));
  const kinds = [...all("type"), ...all("is")];
  return [...scene.world.store.state.github.repositories.values()]
    .filter((row) => sees(scene.world, scene.asker, row))
    .filter(({ owner, settings }) => all("repo").length === 0 || all("repo").includes(`${owner}/${settings.name}`))
    .flatMap((repository) =>
      [...repository.issues.values()]
        .filter(({ pull }) => !(kinds.includes("issue") && pull) && !(kinds.includes("pr") && !pull))
        .filter(({ state }) =>
          [...all("state"), ...all("is")].every((one) => !["open", "closed"].includes(one) || one === state),
        )
        .filter(({ labels }) => all("label").every((label) => labels.includes(label)))
        .map((row) => (row.pull ? pullNode(scene, repository, row) : issueNode(scene, repository, row))),
    );
}
