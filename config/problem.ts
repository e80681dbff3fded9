/** One mistake in what a user wrote. */
export interface Problem {
  /** What the path is relative to, in words: "environment production", "the configuration", "stack shop". */
  readonly where: string;
  /** Keys and indexes as the user wrote them, such as `groups.app.memoryMb` or `regions[1]`. */
  readonly path: string;
  /** What was got, what is allowed, what to do next. Never a secret, not even cut. */
  readonly text: string;
  /** Stable id, explained in docs/errors.md. */
  readonly id: string;
}

/** Thrown with every problem at once; the message is for the user as it is, no stack trace needed. */
export class ConfigurationError extends Error {
  readonly problems: readonly Problem[];
  constructor(problems: readonly Problem[]) {
    super(renderProblems(problems));
    this.name = "ConfigurationError";
    this.problems = problems;
  }
}

/** The problems as a person reads them: a heading per place, then one line each. */
function renderProblems(problems: readonly Problem[]): string {
  const places = [...new Set(problems.map(({ where }) => where))];
  return places
    .map((where) =>
      section(
        where,
        problems.filter((problem) => problem.where === where),
      ),
    )
    .join("\n");
}

function section(where: string, problems: readonly Problem[]): string {
  const count = `${problems.length} ${problems.length === 1 ? "problem" : "problems"}`;
  const lines = problems.map(({ id, path, text }) => `  [${id}] ${path ? `${path}: ` : ""}${text}`);
  return [`${count} in ${where}:`, ...lines].join("\n");
}

/** A path as the user would write it in TypeScript: `groups.app.services[0].checks[1]`, `secrets["a-b"]`. */
export function renderPath(path: readonly PropertyKey[]): string {
  return path
    .map((step) => {
      if (typeof step === "number") return `[${step}]`;
      const key = String(step);
      return /^[A-Za-z_$][\w$]*$/.test(key) ? `.${key}` : `[${JSON.stringify(key)}]`;
    })
    .join("")
    .replace(/^\./, "");
}

/** ` did you mean "lhr"?` with a space before, or nothing when no known word is near. */
export function didYouMean(word: string, known: readonly string[]): string {
  const limit = word.length > 5 ? 3 : 2;
  const [best] = known
    .map((one) => ({ one, distance: editDistance(word.toLowerCase(), one.toLowerCase()) }))
    .filter(({ distance }) => distance <= limit && distance < word.length)
    .sort((a, b) => a.distance - b.distance);
  return best ? ` did you mean "${best.one}"?` : "";
}

function editDistance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (const [i, left] of [...a].entries()) {
    const next = [i + 1];
    for (const [j, right] of [...b].entries()) {
      next.push(Math.min((row[j + 1] ?? 0) + 1, (next[j] ?? 0) + 1, (row[j] ?? 0) + (left === right ? 0 : 1)));
    }
    row = next;
  }
  return row[b.length] ?? 0;
}
