import type { Finding, Origin } from "../../report/model";

/** A question about a finding, and the answer. */
export type OriginOf = (finding: Finding) => Promise<Origin>;

/** An origin of which nothing is known. `why`: a few words. */
export const unknown = (why: string): Origin => ({ since: null, by: null, source: why });
