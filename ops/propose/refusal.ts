import type { Trouble } from "../../report/model";

/** The provider's words for a commit that the branch's protection refused, as what is wrong and what to type; any other trouble as it is. */
export function withRemedy(trouble: Trouble): Trouble {
  const { address = "", summary, detail } = trouble;
  const isRefused = /\b(409|422)\b[\s\S]*(rule violations found|through a pull request)/i.test(`${summary} ${detail}`);
  if (!isRefused || !address.startsWith("github_repository_file.")) return trouble;
  return {
    severity: "error",
    address,
    summary: "The branch takes no commit from this token",
    detail:
      'A rule wants a pull request, and this token may not bypass it. Nothing was written to this file. Set delivery.write to "propose"; or name the App that applies in protection.writingApps, apply the stack of the repository, and use that App\'s token. [github/protected-branch]',
  };
}
