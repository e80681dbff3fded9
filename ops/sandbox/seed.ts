import { type FlySeed, flySeed } from "../../config/sandbox-seed";

/** What the sandbox starts with: the accounts of the organization that the project names first; nothing that is managed. */
export function seedFor([slug = "personal"]: readonly string[]): FlySeed {
  return flySeed({ organization: { slug, name: slug } });
}
