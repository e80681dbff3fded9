import { hotDash } from "./hotdash";
import { configure } from "./index";
import type { Overrides } from "./override";

const added = (overrides: Overrides) =>
  configure(hotDash, overrides).repository.secrets.filter((name) => !hotDash.repository.secrets.includes(name));

test.each<[string, Overrides, readonly string[]]>([
  ["what is declared already, by its group", {}, []],
  ["a mail transport", { "notifications.transport": "sendgrid" }, ["SENDGRID_API_KEY"]],
  ["a channel", { "notifications.channels": ["slack", "pagerduty"] }, ["PAGERDUTY_ROUTING_KEY"]],
  ["a state in Postgres", { state: { backend: "pg", schemaPrefix: "infra" } }, ["PG_CONN_STR"]],
  [
    "a state in HCP",
    { state: { backend: "hcp", organization: "hotdash", workspacePrefix: "infra" } },
    ["TF_TOKEN_APP_TERRAFORM_IO"],
  ],
])("declares the secrets that come with %s", (_name, overrides, names) => {
  expect(added(overrides)).toEqual(names);
});
