/** How this program names its previews, learnt from the program itself: whoever wrote it may name them as they like. */
import { rmSync } from "node:fs";
import { declaredIn } from "../declared";
import { Failure } from "../failure";
import { type ProjectOptions, type Stack, synthesize } from "../project";

export interface PreviewPattern {
  /** Slug of the Fly organization that holds the previews. */
  readonly organization: string;
  /** Name of the app of one pull request. */
  appOf(number: number): string;
  /** Number of the pull request whose preview an app is; undefined: it is none. The whole name has to match. */
  numberOf(app: string): number | undefined;
}

/** A number that no pull request has; the program is asked how it would name that one, and a trial of previews is made under it. */
export const probe = 999_999_998;

/**
 * Synthesizes the program with a number that no pull request has, and reads how the app is named.
 *
 * @throws Failure when the program has no previews
 */
export async function previewPattern(project: ProjectOptions): Promise<PreviewPattern> {
  const stacks = await synthesize({ ...project, env: { ...project.env, PREVIEW_NUMBER: String(probe) } });
  const { stack, pattern } = probed(stacks);
  rmSync(stack.directory, { recursive: true, force: true });
  return pattern;
}

/**
 * How the app is named in a program that was synthesized with the {@link probe}, and the stack of that one.
 *
 * @throws Failure when the program has no previews
 */
export function probed(stacks: readonly Stack[]): { readonly stack: Stack; readonly pattern: PreviewPattern } {
  const stack = stacks.find(({ name }) => name === `preview-${probe}`);
  if (!stack) {
    throw new Failure(
      `The program has no stack preview-${probe} when PREVIEW_NUMBER=${probe} is set, so it has no previews. There are: ${stacks.map(({ name }) => name).join(", ")}. [infra/no-preview]`,
    );
  }
  const { apps, organizations } = declaredIn([stack]);
  const [app = ""] = apps;
  const [organization] = organizations;
  const [before = "", after] = app.split(String(probe));
  if (after === undefined || organization === undefined) {
    throw new Failure(
      `The app of a preview is named "${app}", without the number of its pull request, so previews cannot be told apart. Put {number} into its name. [infra/preview-name]`,
    );
  }
  const pattern: PreviewPattern = {
    organization,
    appOf: (number) => `${before}${number}${after}`,
    numberOf(name) {
      if (!name.startsWith(before) || !name.endsWith(after) || name.length <= before.length + after.length)
        return undefined;
      const middle = name.slice(before.length, name.length - after.length);
      return /^[1-9]\d{0,8}$/.test(middle) ? Number(middle) : undefined;
    },
  };
  return { stack, pattern };
}

/**
 * The number of a pull request, as somebody types it.
 *
 * @throws Failure when it is none
 */
export function pullRequestNumber(text: string): number {
  if (/^[1-9]\d{0,8}$/.test(text)) return Number(text);
  throw new Failure(`"${text}" is not the number of a pull request; write it bare, such as 42. [infra/preview-number]`);
}
