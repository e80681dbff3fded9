const unwritten = "the document leaves this error out; GitHub gives it, and our clients depend on it";

/** Differences from the document that were looked at and stay: operation and status, to the reason. */
export const allowed: Readonly<Record<string, string>> = {
  "GET /orgs/hotdash/audit-log 200": "Enterprise Cloud only, so it is in the document of ghec",
  "meta/root 200": "gh and the provider only ask whether it answers, and as whom",
  "checks/create 403": "the document names no error; only an app may make a check run",
  "repos/create-deployment-status 201": "no address is an empty text: the document's own default breaks its own format",
  "repos/list-deployment-statuses 200": "no address is an empty text: the document's own default breaks its own format",
  "repos/create-repo-ruleset 403": unwritten,
  "repos/create-repo-ruleset 422": "GitHub says what is wrong with a rule in sentences, not in objects",
  "repos/delete-branch-protection 404": unwritten,
  "repos/get-environment 404": unwritten,
  "repos/get-release 404": unwritten,
};
