import { bool, string } from "../framework";

/** The provider's own configuration: none of it is a secret. */
export const settings = {
  organization: string("optional", {
    doc: "Slug of the organization for apps that name none.",
    check: (slug) =>
      /^[a-z0-9-]+$/i.test(slug)
        ? undefined
        : `"${slug}" is not the slug of an organization; see fly orgs list [fly/organization]`,
  }),
  stack: string("optional", {
    doc: "Name of this Terraform state. Machines carry it as metadata infra_stack, so that a repeated create finds its own.",
  }),
  token_env: string("optional", {
    doc: "Name of the env var that holds the token. Default FLY_API_TOKEN, else FLY_ACCESS_TOKEN.",
    check: (name) =>
      /^[A-Z_][A-Z0-9_]*$/.test(name)
        ? undefined
        : "token_env is the name of an env var (capitals, digits, underscores), never the token itself; what was given is not shown [fly/token-env]",
  }),
  local_state: bool("optional", {
    doc: "True when this state is kept in a local file and the configuration did not allow that for the real Fly: then only a sandbox on this machine is accepted.",
  }),
};
