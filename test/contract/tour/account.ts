/** People, the organization, its teams, and who may do what in the repository. */
import type { GithubHarness } from "../../../sandbox/github/harness";

type Ask = GithubHarness["ask"];

/** What the app shows to be let in: the sandbox knows no key of it, and its clock begins with 2026. */
const encode = (value: object) => Buffer.from(JSON.stringify(value)).toString("base64url");
const appToken = `${encode({ alg: "RS256" })}.${encode({ iss: 900_001, exp: Date.UTC(2026, 0, 1) / 1000 + 300 })}.c2ln`;

/** People, the organization, apps. */
export async function accounts(ask: Ask): Promise<void> {
  await ask("GET", "//user");
  await ask("GET", "//user", undefined, "wrong");
  const { body } = await ask("GET", "//users/hotdash-dev");
  await ask("GET", `//user/${body.id}`);
  await ask("GET", "//users/nobody");
  await ask("GET", "//users/hotdash-dev/keys");
  await ask("GET", "//users/hotdash-dev/gpg_keys");
  await ask("GET", "//orgs/hotdash");
  await ask("GET", "//orgs/nobody");
  await ask("GET", "//orgs/hotdash/members");
  await ask("GET", "//apps/hotdash-infra");
  await ask("GET", "//apps/nothing");
  await ask("GET", "//");
  await ask("POST", "//app/installations/900002/access_tokens", {}, appToken);
  await ask("POST", "//app/installations/900002/access_tokens", {}, "wrong");
}

/** Collaborators and invitations. */
export async function access(ask: Ask): Promise<void> {
  await ask("GET", "/collaborators");
  await ask("GET", "/collaborators/hotdash-dev/permission");
  await ask("GET", "/collaborators/nobody/permission");
  await ask("PUT", "/collaborators/hotdash-dev", { permission: "maintain" });
  const { body: invitation } = await ask("PUT", "/collaborators/outsider", { permission: "push" });
  await ask("GET", "/invitations");
  await ask("PATCH", `/invitations/${invitation.id}`, { permissions: "admin" });
  await ask("DELETE", `/invitations/${invitation.id}`);
  await ask("DELETE", "/collaborators/hotdash-dev");
  await ask("GET", "/teams");
}

/** Teams and what they may do. */
export async function teams(ask: Ask): Promise<void> {
  const { body: parent } = await ask("POST", "//orgs/hotdash/teams", { name: "Everyone", privacy: "closed" });
  await ask("POST", "//orgs/hotdash/teams", { name: "Couriers", privacy: "closed", parent_team_id: parent.id });
  await ask("POST", "//orgs/hotdash/teams", { name: "Couriers" });
  const own = "//orgs/hotdash/teams/couriers";
  await ask("GET", "//orgs/hotdash/teams");
  await ask("GET", own);
  await ask("GET", "//orgs/hotdash/teams/nothing");
  await ask("PATCH", own, { description: "Who brings it" });
  await ask("PUT", `${own}/memberships/hotdash-dev`, { role: "maintainer" });
  await ask("GET", `${own}/memberships/hotdash-dev`);
  await ask("GET", `${own}/members`);
  await ask("DELETE", `${own}/memberships/hotdash-dev`);
  await ask("GET", `${own}/memberships/hotdash-dev`);
  await ask("PUT", `${own}/repos/hotdash/hotdash`, { permission: "push" });
  await ask("GET", `${own}/repos/hotdash/hotdash`);
  await ask("GET", `${own}/repos/hotdash/hotdash`, undefined, undefined, "application/vnd.github.v3.repository+json");
  await ask("GET", `${own}/repos`);
  await ask("DELETE", `${own}/repos/hotdash/hotdash`);
  await ask("GET", `${own}/repos/hotdash/hotdash`);
  await ask("DELETE", own);
  await ask("GET", "//orgs/hotdash/audit-log");
}
