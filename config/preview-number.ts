import { ConfigurationError } from "./problem";
import type { Environment } from "./schema";

/**
 * Number of the pull request whose preview is meant, as the environment variable PREVIEW_NUMBER or the context `preview` gives it.
 *
 * @returns undefined when there is none: then there is no preview stack
 * @throws ConfigurationError when it is no number
 */
export function previewNumber(given: unknown): number | undefined {
  if (given === undefined || given === null || given === "") return undefined;
  const text = String(given);
  if (/^[1-9]\d{0,8}$/.test(text)) return Number(text);
  throw new ConfigurationError([
    {
      where: "the environment",
      path: "PREVIEW_NUMBER",
      text: `"${text}" is not the number of a pull request; write it bare, such as PREVIEW_NUMBER=42`,
      id: "config/preview-number",
    },
  ]);
}

/** Days that a preview stays after it was last made or changed, where nobody says otherwise. */
export const previewStayDays = 14;

/** The preview environment of one pull request. */
export function previewOf(preview: Environment, number: number): Environment {
  const named = (text: string) => text.replaceAll("{number}", String(number));
  return {
    ...preview,
    app: named(preview.app),
    url: named(preview.url),
    ...(preview.flyToml !== undefined && { flyToml: named(preview.flyToml) }),
  };
}
