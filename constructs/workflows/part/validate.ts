import type { Trusted, Untrusted } from "../model/expression";
import { Script } from "../model/script";
import { type RunStep, type StepHandle, step } from "../model/step";

/** What a value must look like before it may be used: a regular expression of bash, whole value. */
export const patterns = {
  version: "^v[0-9]+\\.[0-9]+\\.[0-9]+(-(alpha|beta|rc)\\.[0-9]+)?$",
  releaseVersion: "^v[0-9]+\\.[0-9]+\\.[0-9]+$",
  branch: "^[A-Za-z0-9][A-Za-z0-9._/-]{0,200}$",
  commit: "^[0-9a-f]{40}$",
  number: "^[0-9]{1,9}$",
  flag: "^(true|false)$",
  word: "^[a-z][a-z-]{0,40}$",
  seconds: "^[1-9][0-9]?$|^[1-5][0-9][0-9]$|^600$",
  image: "^registry\\.fly\\.io/[a-z0-9-]+[:@][A-Za-z0-9._:-]+$",
} as const;

/**
 * A step that looks at values which a stranger may have chosen, and hands on only those that match: its outputs are trusted (W06, W19).
 * A value that does not match ends the job and is not printed.
 *
 * @param values name of the output -> value and the pattern it has to match
 */
export function validated<const K extends string>(
  id: string,
  values: Readonly<
    Record<
      K,
      { readonly value: Untrusted | Trusted; readonly pattern: keyof typeof patterns; readonly optional?: boolean }
    >
  >,
): StepHandle<RunStep<K>, K> {
  const names = Object.keys(values) as K[];
  const variable = (name: K) => name.toUpperCase().replaceAll("-", "_");
  const lines = names.flatMap((name) => {
    const { pattern, optional = false } = values[name];
    const shell = variable(name);
    const given = optional ? `[[ -n "$${shell}" ]] && ` : "";
    return [
      `if ${given}! [[ "$${shell}" =~ ${patterns[pattern]} ]]; then`,
      `  echo "::error title=Invalid ${name}::must match ${patterns[pattern]}"`,
      "  exit 1",
      "fi",
      `echo "${name}=$${shell}" >> "$GITHUB_OUTPUT"`,
    ];
  });
  return step(id, {
    name: `Validate ${names.join(" and ")}`,
    env: Object.fromEntries(names.map((name) => [variable(name), values[name].value])),
    run: new Script(lines.join("\n")),
    outputs: names,
  });
}
