/** What stacks say about a repository: the part `github` of `infra.json`, whoever wrote the program. */
import { z } from "zod";
import { type Governance, governanceShape } from "../../config/governance-shape";
import { Failure } from "../failure";
import type { Stack } from "../project";
import { stackFacts } from "../stack-facts";

/** How the repository of a stack is to be; undefined: the stack governs none. */
export const governanceOf = (stack: Stack): Governance | undefined => stackFacts(stack, facts)?.github;

const facts = z.object({ github: governanceShape.optional() });

/**
 * The repository that is meant: the one given as "owner/name", else the one that a stack governs, else that of GITHUB_REPOSITORY.
 *
 * @throws Failure when none is known, or the text is none
 */
export function repositoryOf(
  stacks: readonly Stack[],
  given: string | undefined,
  env: NodeJS.ProcessEnv,
): { readonly owner: string; readonly name: string } {
  const [governed] = stacks.flatMap((stack) => governanceOf(stack) ?? []);
  const text = given ?? (governed ? `${governed.owner}/${governed.name}` : env.GITHUB_REPOSITORY);
  const [, owner, name] = /^([\w.-]+)\/([\w.-]+)$/.exec(text ?? "") ?? [];
  if (owner !== undefined && name !== undefined) return { owner, name };
  throw new Failure(
    `It is not known which repository is meant${text ? `: "${text}" is none` : ""}. Name it: --repository owner/name [infra/repository]`,
  );
}

/** The one stack that governs a repository. @throws Failure when none does, or several */
export function governedStack(stacks: readonly Stack[]): { readonly stack: Stack; readonly wanted: Governance } {
  const governed = stacks.flatMap((stack) => {
    const wanted = governanceOf(stack);
    return wanted ? [{ stack, wanted }] : [];
  });
  const [only] = governed;
  if (only && governed.length === 1) return only;
  const names = governed.map(({ stack }) => stack.name).join(", ");
  throw new Failure(
    only
      ? `Several stacks govern a repository: ${names}. Name one: --stack <name> [github/which-repository]`
      : "No stack of this project governs a repository. A stack of GithubStack does. [github/which-repository]",
  );
}
