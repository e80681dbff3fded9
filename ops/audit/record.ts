/** What is kept of something that happened: facts, and no person but a login. */

/** What happened. */
export type RecordKind = "deployment" | "rollback" | "ci-run" | "secret-scan" | "override";

/** Who may read a record: what CI says is public, everything about deployments and people is internal (specification, section 13). */
type DataClass = "public" | "internal";

/** How it ended. "restored": a rollback that was no better, so that what ran before runs again. */
export type Ending =
  | "succeeded"
  | "failed"
  | "restored"
  | "cancelled"
  | "interrupted"
  | "in progress"
  | "open"
  | "unknown";

export interface AuditRecord {
  /** ISO 8601, UTC. */
  readonly at: string;
  readonly kind: RecordKind;
  readonly class: DataClass;
  /** A few words: "release 74", "ci", "rule main". */
  readonly what: string;
  readonly environment: string | undefined;
  readonly app: string | undefined;
  /** Version tag of the product, where the image or the record says it. */
  readonly version: string | undefined;
  readonly image: string | undefined;
  /** Commit, whole. */
  readonly commit: string | undefined;
  /** GitHub login; undefined: no source says one. */
  readonly by: string | undefined;
  readonly outcome: Ending;
  /** Where a person looks at it. */
  readonly url: string | undefined;
}

const classes: Readonly<Record<RecordKind, DataClass>> = {
  deployment: "internal",
  rollback: "internal",
  "ci-run": "public",
  "secret-scan": "public",
  override: "internal",
};

/** A record, its data class by its kind unless said otherwise; a name that is no login is left out. */
export function recordOf(
  kind: RecordKind,
  facts: Pick<AuditRecord, "at" | "what" | "outcome"> & Partial<Omit<AuditRecord, "kind">>,
): AuditRecord {
  const { at, what, outcome, environment, app, version, image, commit, url } = facts;
  const by = isLogin(facts.by) ? facts.by : undefined;
  const time = new Date(at).toISOString();
  return {
    at: time,
    kind,
    class: facts.class ?? classes[kind],
    what,
    environment,
    app,
    version,
    image,
    commit,
    by,
    outcome,
    url,
  };
}

/** Fly names people by their e-mail address, which is personal; GitHub's logins have no such form. */
const isLogin = (name: string | undefined): boolean =>
  name !== undefined && /^[A-Za-z0-9](?:[A-Za-z0-9-]{0,38})(?:\[bot\])?$/.test(name);

/** Newest first. */
export const newestFirst = (one: AuditRecord, other: AuditRecord): number => (one.at < other.at ? 1 : -1);
