import { nodeId } from "../node-id";
import type { GithubAppRow, TeamRow } from "../row";
import { findOrganization, findTeam, findUser } from "../state";
import { connection, type ListArguments, type Scene } from "./scene";

/** A user, a bot or an organization; unknown logins are ghosts. */
export function actorNode({ world }: Scene, login: string) {
  const { github } = world.store.state;
  const organization = findOrganization(github, login);
  const user = findUser(github, login);
  const __typename = organization ? "Organization" : login.endsWith("[bot]") ? "Bot" : "User";
  const id = organization?.id ?? user?.id ?? 10137;
  return {
    __typename,
    id: nodeId(organization ? "Organization" : "User", id),
    databaseId: id,
    login: login.replace(/\[bot\]$/, ""),
    name: organization?.name ?? user?.name ?? login,
    email: user?.email ?? "",
    url: `https://github.com/${login}`,
    resourcePath: `/${login}`,
    avatarUrl: `https://avatars.githubusercontent.com/u/${id}`,
  };
}

/** An organization with its teams. */
export function organizationNode(scene: Scene, login: string) {
  const { github } = scene.world.store.state;
  const organization = findOrganization(github, login);
  if (!organization) return undefined;
  const teams = [...github.teams.values()].filter((team) => team.organization === organization.login);
  return {
    ...actorNode(scene, organization.login),
    team: ({ slug }: { slug: string }) => {
      const team = findTeam(github, organization.login, slug);
      return team ? teamNode(scene, team) : null;
    },
    membersWithRole: (given: ListArguments) => {
      const members = [...organization.members];
      const list = connection(members, given, ([member]) => actorNode(scene, member));
      const edges = list.edges.map((edge, index) => ({ ...edge, role: members[index]?.[1].toUpperCase() }));
      return { ...list, edges };
    },
    teams: (given: ListArguments) => connection(teams, given, (team) => teamNode(scene, team)),
  };
}

/** A team with its members. */
export function teamNode(scene: Scene, team: TeamRow) {
  return {
    __typename: "Team",
    id: nodeId("Team", team.id),
    databaseId: team.id,
    name: team.name,
    slug: team.slug,
    combinedSlug: `${team.organization}/${team.slug}`,
    members: (given: ListArguments) => {
      const members = [...team.members];
      const list = connection(members, given, ([login]) => actorNode(scene, login));
      const edges = list.edges.map((edge, index) => ({ ...edge, role: members[index]?.[1].toUpperCase() }));
      return { ...list, edges };
    },
  };
}

/** A GitHub App. */
export const appNode = ({ id, name, slug }: GithubAppRow) => ({
  __typename: "App",
  id: nodeId("App", id),
  databaseId: id,
  name,
  slug,
});
