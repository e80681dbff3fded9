/**
 * GitHub Actions expressions as values. What a stranger can write (a title, a branch name, an input) is of another type than what GitHub or
 * this program makes, and no shell script takes either: values reach a script through `env` alone. So template injection cannot be
 * written. @see workflows-security rules W05, W06, W10
 */

/** A job whose outputs an expression reads; whoever uses the expression needs the job. */
export interface NeededJob {
  readonly id: string;
}

abstract class Value {
  /** What stands between `${{` and `}}`. */
  readonly source: string;
  readonly needs: readonly NeededJob[];
  constructor(source: string, needs: readonly NeededJob[] = []) {
    this.source = source;
    this.needs = needs;
  }
  toString(): string {
    return `\${{ ${this.source} }}`;
  }
}

/** A value that GitHub or an earlier step of ours made: a commit, a number, a validated version. */
export class Trusted extends Value {
  declare protected readonly origin: "trusted";
}

/** A value that anybody can choose: only `env` takes it. */
export class Untrusted extends Value {
  declare protected readonly origin: "untrusted";
}

/** A secret by name. `env` of a step and the inputs of an action take it, nothing else. */
export class Secret extends Value {
  declare protected readonly origin: "secret";
  readonly name: string;
  constructor(name: string) {
    super(`secrets.${name}`);
    this.name = name;
  }
}

/** Text with expressions in it, where GitHub evaluates and no shell reads: a concurrency group, a URL. */
export class Text {
  declare protected readonly origin: "text";
  readonly text: string;
  readonly needs: readonly NeededJob[];
  constructor(text: string, needs: readonly NeededJob[]) {
    this.text = text;
    this.needs = needs;
  }
  toString(): string {
    return this.text;
  }
}

/** An `if`: GitHub evaluates it, so any expression may stand in it. */
export class Condition {
  declare protected readonly origin: "condition";
  readonly source: string;
  readonly needs: readonly NeededJob[];
  constructor(source: string, needs: readonly NeededJob[]) {
    this.source = source;
    this.needs = needs;
  }
}

/** Trusted contexts, by their path; only these are known. */
const trustedPaths = [
  "github.sha",
  "github.repository",
  "github.repository_owner",
  "github.run_id",
  "github.run_attempt",
  "github.run_number",
  "github.server_url",
  "github.api_url",
  "github.event_name",
  "github.ref",
  "github.ref_type",
  "github.token",
  "github.workspace",
  "github.event.number",
  "github.event.pull_request.number",
  "github.event.pull_request.head.sha",
  "github.event.pull_request.base.sha",
  "github.event.pull_request.head.repo.full_name",
  "github.event.pull_request.merged",
  "github.event.before",
  "github.event.after",
  "job.status",
  "runner.temp",
  "runner.os",
] as const;

/** Contexts that a stranger writes: names of branches and tags, titles, logins. */
const untrustedPaths = [
  "github.actor",
  "github.triggering_actor",
  "github.ref_name",
  "github.head_ref",
  "github.base_ref",
  "github.event.pull_request.title",
  "github.event.pull_request.body",
  "github.event.pull_request.head.ref",
  "github.event.pull_request.base.ref",
  "github.event.pull_request.user.login",
  "github.event.head_commit.message",
] as const;

/** A context that GitHub fills, such as `context("github.sha")`. */
export const context = (path: (typeof trustedPaths)[number]): Trusted => new Trusted(path);

/** A context that a stranger fills, such as `foreign("github.head_ref")`; only `env` takes it. */
export const foreign = (path: (typeof untrustedPaths)[number]): Untrusted => new Untrusted(path);

/** A secret by name. */
export const secret = (name: string): Secret => new Secret(name);

/** A variable of the repository or the GitHub environment. */
export const variable = (name: string): Trusted => new Trusted(`vars.${name}`);

/** An input of a manual run or of a call: whoever starts the workflow chooses it. */
export const input = (name: string): Untrusted => new Untrusted(`inputs.${name}`);

/** SHA-256 over files of the checkout, such as `hashFiles("package-lock.json")`; empty before the checkout. */
export const hashFiles = (...patterns: readonly string[]): Trusted =>
  new Trusted(`hashFiles(${patterns.map(quoted).join(", ")})`);

/** A text in an expression: single quotes, doubled inside. */
export const quoted = (text: string): string => `'${text.replaceAll("'", "''")}'`;

/** The first value that is not empty, such as the number of the pull request, else the commit. */
export const firstOf = (...values: readonly Trusted[]): Trusted =>
  new Trusted(
    `(${values.map(({ source }) => source).join(" || ")})`,
    values.flatMap(({ needs }) => needs),
  );

/** Text for GitHub to evaluate: text`preview-${context("github.event.number")}`. */
export function text(parts: TemplateStringsArray, ...values: readonly (Trusted | Untrusted | string | number)[]): Text {
  return new Text(
    join(parts, values, (value) => value.toString()),
    needsOf(values),
  );
}

/** A condition; strings among the values are quoted: when`${context("github.event_name")} == ${"push"}`. */
export function when(
  parts: TemplateStringsArray,
  ...values: readonly (Trusted | Untrusted | Condition | string | number | boolean)[]
): Condition {
  const render = (value: (typeof values)[number]) => {
    if (value instanceof Condition) return `(${value.source})`;
    if (value instanceof Value) return value.source;
    return typeof value === "string" ? quoted(value) : String(value);
  };
  return new Condition(join(parts, values, render), needsOf(values));
}

function join<V>(parts: TemplateStringsArray, values: readonly V[], render: (value: V) => string): string {
  return parts.map((part, index) => part + (index < values.length ? render(values[index] as V) : "")).join("");
}

function needsOf(values: readonly unknown[]): readonly NeededJob[] {
  return values.flatMap((value) => (value instanceof Value || value instanceof Condition ? value.needs : []));
}
