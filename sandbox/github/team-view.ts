import { organizationView } from "./account";
import { apiUrl, at, type GithubContext } from "./context";
import { nodeId } from "./node-id";
import type { GithubOrganizationRow, TeamRow } from "./row";
import { findOrganization, type GithubState } from "./state";

/** A team in short. */
export function teamView(github: GithubState, c: GithubContext, team: TeamRow) {
  const { id, name, slug, description, privacy, organization } = team;
  const url = apiUrl(c, `/organizations/${findOrganization(github, organization)?.id ?? 0}/team/${id}`);
  return {
    id,
    node_id: nodeId("Team", id),
    name,
    slug,
    description,
    privacy,
    notification_setting: "notifications_enabled" as const,
    permission: "pull",
    url,
    html_url: `https://github.com/orgs/${organization}/teams/${slug}`,
    members_url: `${url}/members{/member}`,
    repositories_url: `${url}/repos`,
    type: "organization" as const,
  };
}

/** A team as lists show it, with its parent. */
export function listedTeam(github: GithubState, c: GithubContext, team: TeamRow) {
  const parent = team.parentId === undefined ? undefined : github.teams.get(team.parentId);
  return { ...teamView(github, c, team), parent: parent ? teamView(github, c, parent) : null };
}

/** A team in full, with its parent and its organization. */
export function fullTeam(github: GithubState, c: GithubContext, team: TeamRow) {
  const organization = findOrganization(github, team.organization) ?? nobody(team);
  const repositories = [...github.repositories.values()].filter(({ teams }) => teams.has(team.id));
  return {
    ...listedTeam(github, c, team),
    members_count: team.members.size,
    repos_count: repositories.length,
    created_at: at(team.createdAt),
    updated_at: at(team.updatedAt),
    organization: organizationView(c, organization),
  };
}

/** An organization of which only the name is known. */
const nobody = ({ organization: login }: TeamRow): GithubOrganizationRow => ({
  id: 0,
  login,
  name: login,
  plan: "free",
  members: new Map(),
});
