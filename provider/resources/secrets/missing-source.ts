/** What to say of secrets that have to be written and whose source gives no value; `missing` has one text per secret. */
export function missingSources(app: string, missing: readonly string[], consequence: string) {
  const count = missing.length === 1 ? "A secret" : `${missing.length} secrets`;
  return {
    summary: `${count} of ${app} cannot be written: no value`,
    detail: [
      ...missing.map((text) => `  ${text}`),
      `${consequence} Give the values, an env var so that it stays out of the history (read -rs NAME && export NAME), and run it again. [fly/secret-source-missing]`,
    ].join("\n"),
    path: ["sources"],
  };
}
