import { type SandboxSeed, sandboxSeed } from "../../config/sandbox-seed";

/** What the sandbox starts with: the accounts of the organization that the project names first; nothing that is managed. */
export function seedFor([slug = "personal"]: readonly string[]): SandboxSeed {
  return sandboxSeed({ organization: { slug, name: slug } });
}
