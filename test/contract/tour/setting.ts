/** Environments, secrets, variables, what Actions may do, webhooks, keys and autolinks. */
import sodium from "libsodium-wrappers";
import type { GithubHarness } from "../../../sandbox/github/harness";

type Ask = GithubHarness["ask"];

/** Environments with their policies, secrets and variables. */
export async function environments(ask: Ask): Promise<void> {
  const own = "/environments/staging";
  const { id } = (await ask("GET", "//users/hotdash-dev")).body;
  const { id: team } = (await ask("GET", "//orgs/hotdash/teams/maintainers")).body;
  const reviewers = [
    { type: "User", id },
    { type: "Team", id: team },
  ];
  const deployment_branch_policy = { protected_branches: false, custom_branch_policies: true };
  await ask("GET", own);
  await ask("PUT", own, { wait_timer: 5, prevent_self_review: true, reviewers, deployment_branch_policy });
  await ask("PUT", own, { reviewers: [{ type: "User", id: 7 }] });
  await ask("GET", own);
  await ask("GET", "/environments");
  const policies = `${own}/deployment-branch-policies`;
  const { body: policy } = await ask("POST", policies, { name: "main" });
  await ask("POST", policies, { name: "v*", type: "tag" });
  await ask("GET", policies);
  await ask("GET", `${policies}/${policy.id}`);
  await ask("PUT", `${policies}/${policy.id}`, { name: "release/*" });
  await ask("DELETE", `${policies}/${policy.id}`);
  await secretsAndVariables(ask, own);
  await secretsAndVariables(ask, "/actions");
  await ask("DELETE", own);
}

async function secretsAndVariables(ask: Ask, holder: string): Promise<void> {
  const { key_id, key } = (await ask("GET", `${holder}/secrets/public-key`)).body;
  await sodium.ready;
  const box = sodium.crypto_box_seal("value", Buffer.from(key, "base64"));
  const sealed = { encrypted_value: Buffer.from(box).toString("base64"), key_id };
  await ask("PUT", `${holder}/secrets/TOKEN`, sealed);
  await ask("PUT", `${holder}/secrets/TOKEN`, sealed);
  await ask("GET", `${holder}/secrets`);
  await ask("GET", `${holder}/secrets/TOKEN`);
  await ask("DELETE", `${holder}/secrets/TOKEN`);
  await ask("POST", `${holder}/variables`, { name: "REGION", value: "ord" });
  await ask("GET", `${holder}/variables`);
  await ask("GET", `${holder}/variables/REGION`);
  await ask("PATCH", `${holder}/variables/REGION`, { value: "lhr" });
  await ask("DELETE", `${holder}/variables/REGION`);
}

/** Actions permissions, webhooks, keys, autolinks. */
export async function settings(ask: Ask): Promise<void> {
  const own = "/actions/permissions";
  await ask("PUT", own, { enabled: true, allowed_actions: "selected", sha_pinning_required: true });
  await ask("GET", own);
  await ask("PUT", `${own}/selected-actions`, { github_owned_allowed: true, patterns_allowed: ["a/b@*"] });
  await ask("GET", `${own}/selected-actions`);
  await ask("PUT", `${own}/workflow`, { default_workflow_permissions: "read" });
  await ask("GET", `${own}/workflow`);
  const config = { url: "https://hooks.example/in", content_type: "json", secret: "not kept" };
  const { body: hook } = await ask("POST", "/hooks", { config, events: ["push"] });
  await ask("POST", "/hooks", {});
  await ask("GET", "/hooks");
  await ask("GET", `/hooks/${hook.id}`);
  await ask("PATCH", `/hooks/${hook.id}`, { active: false, config });
  await ask("DELETE", `/hooks/${hook.id}`);
  await ask("GET", `/hooks/${hook.id}`);
  const key = `ssh-ed25519 ${Buffer.alloc(51).toString("base64")}`;
  const { body: deployKey } = await ask("POST", "/keys", { title: "deploy", key });
  await ask("POST", "/keys", { title: "deploy", key: "none" });
  await ask("GET", "/keys");
  await ask("GET", `/keys/${deployKey.id}`);
  await ask("DELETE", `/keys/${deployKey.id}`);
  await ask("GET", `/keys/${deployKey.id}`);
  const template = "https://tickets.example/<num>";
  const { body: link } = await ask("POST", "/autolinks", { key_prefix: "TICKET-", url_template: template });
  await ask("POST", "/autolinks", { key_prefix: "TICKET-", url_template: template });
  await ask("GET", "/autolinks");
  await ask("GET", `/autolinks/${link.id}`);
  await ask("DELETE", `/autolinks/${link.id}`);
  await ask("GET", `/autolinks/${link.id}`);
}
