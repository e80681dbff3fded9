/** A difference from the document that was looked at and stays. */
interface Allowed {
  /** Operation and status, such as `repos/get 200`. */
  readonly at: RegExp;
  /** Of the sentences about it. */
  readonly what: RegExp;
  readonly why: string;
}

const unwritten = "the document leaves this error out";
const late = "GitHub shows it, and the document does not name it";

/** Differences that are no mistakes of the sandbox; `npm run contract` tells those that are needed no more. */
export const allowed: readonly Allowed[] = [
  { at: /^GET \/orgs\/hotdash\/audit-log 200$/, what: /no such operation/, why: "Enterprise Cloud only" },
  { at: /^meta\/root 200$/, what: /required property/, why: "clients only ask whether it answers" },
  { at: /^checks\/create 403$/, what: /^status 403/, why: unwritten },
  { at: /^repos\/create-repo-ruleset 403$/, what: /^status 403/, why: unwritten },
  { at: /^repos\/(delete-branch-protection|get-environment|get-release) 404$/, what: /^status 404/, why: unwritten },
  { at: /^actions\/review-pending-deployments-for-run (403|422)$/, what: /^status/, why: unwritten },
  { at: /deployment-status(es)? 20\d$/, what: /_url must match format "uri"/, why: "no address is an empty text" },
  { at: /^repos\/create-repo-ruleset 422$/, what: /^\/errors/, why: "a wrong rule is told in sentences" },
  { at: / 4\d\d$/, what: /additional properties such as (status|errors)$/, why: "errors have one form" },
  { at: /environments? 200$/, what: /can_admins_bypass$/, why: late },
  { at: /^apps\/create-installation-access-token/, what: /actions_variables/, why: late },
  { at: /^repos\/(get|update|create-in-org) /, what: /secret_scanning_validity_checks/, why: late },
  { at: /^teams\/check-permissions-for-repo-in-org 200$/, what: /additional properties/, why: late },
];
