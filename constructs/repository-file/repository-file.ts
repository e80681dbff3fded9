import { createHash } from "node:crypto";

/** A file as it is to stand in a repository. */
export interface RepositoryFile {
  /** From the root of the repository, with forward slashes. */
  readonly path: string;
  readonly text: string;
  /** @default false */
  readonly executable?: boolean;
}

/** The id that git gives to a file of this content: what GitHub's listings show of it. */
export function blobSha(text: string): string {
  const content = Buffer.from(text, "utf8");
  return createHash("sha1").update(`blob ${content.length}\0`).update(content).digest("hex");
}
