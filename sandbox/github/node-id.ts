/** Prefixes of global ids, as GitHub writes them. */
const prefixes = {
  App: "A",
  BranchProtectionRule: "BPR",
  CheckRun: "CR",
  Commit: "C",
  Deployment: "DE",
  DeploymentStatus: "DES",
  Environment: "EN",
  Gate: "GA",
  Issue: "I",
  IssueComment: "IC",
  Label: "LA",
  LabeledEvent: "LE",
  Organization: "O",
  PullRequest: "PR",
  PullRequestReview: "PRR",
  PullRequestReviewComment: "PRRC",
  PullRequestReviewThread: "PRRT",
  Ref: "REF",
  Release: "RE",
  ReleaseAsset: "RA",
  Repository: "R",
  RepositoryRuleset: "RRS",
  StatusContext: "SC",
  Team: "T",
  UnlabeledEvent: "UNLE",
  User: "U",
  Workflow: "W",
  WorkflowRun: "WFR",
} as const;

/** What a global id can name. */
export type NodeKind = keyof typeof prefixes;

/** The global id of an object, in the form of GitHub's newer ids. */
export function nodeId(kind: NodeKind, id: number | string): string {
  return `${prefixes[kind]}_kwDO${Buffer.from(String(id)).toString("base64url")}`;
}

/** What a global id names; undefined when it is none of ours. */
export function parseNodeId(text: string): { kind: NodeKind; id: string } | undefined {
  const [, prefix, encoded = ""] = /^([A-Z]+)_kwDO([\w-]+)$/.exec(text) ?? [];
  const kind = (Object.keys(prefixes) as NodeKind[]).find((one) => prefixes[one] === prefix);
  return kind && { kind, id: Buffer.from(encoded, "base64url").toString("utf8") };
}
