/** Text of a Terraform expression, without the `${` and `}` around it. */
export type Expression = string;

/** Plain data that can stand in an expression. */
export type Plain = string | number | boolean | null | readonly Plain[] | { readonly [key: string]: Plain };

/** The expression as a value in a stack's JSON. */
export const template = (expression: Expression): string => `\${${expression}}`;

/** Plain data as an expression; what would begin a template in a text is doubled, as Terraform wants it. */
export const literal = (value: Plain): Expression =>
  JSON.stringify(value)
    .replaceAll("${", () => "$${")
    .replaceAll("%{", "%%{");

/** A text in which `%s` stands for the value of each expression in turn. */
export const format = (text: string, ...values: readonly Expression[]): Expression =>
  `format(${[literal(text), ...values].join(", ")})`;

/** One value that has to be as declared. */
export interface Comparison {
  /** As a person calls it: "pull_request.required_approving_review_count". */
  readonly path: string;
  /** Where it stands in what was read. Absent there: null, or none where `expected` is a list. */
  readonly live: Expression;
  /** A list is one of texts and has no order. */
  readonly expected: Plain | ListExpression;
}

/** A list of texts that only Terraform knows. */
interface ListExpression {
  readonly list: Expression;
}

/** Comparisons of each value of an object, at every depth; a list is one value. */
export function comparisons(live: Expression, expected: { readonly [key: string]: Plain }, prefix = ""): Comparison[] {
  return Object.entries(expected).flatMap(([key, value]) => {
    const [path, below] = [`${prefix}${key}`, `${live}.${key}`];
    return isRecord(value) ? comparisons(below, value, `${path}.`) : [{ path, live: below, expected: value }];
  });
}

const isRecord = (value: Plain): value is { readonly [key: string]: Plain } =>
  typeof value === "object" && value !== null && !Array.isArray(value);

/** What is said of an object that is as it is to be. */
export const asDeclared = "as declared";

/** Text of every difference, or {@link asDeclared}: "approvals is 0, declared 1; reviewers are none, declared octocat". */
export const differenceText = (all: readonly Comparison[]): Expression =>
  `try(coalesce(join("; ", compact([${all.map(difference).join(", ")}]))), ${literal(asDeclared)})`;

function difference({ path, live, expected }: Comparison): Expression {
  if (typeof expected === "object" && expected !== null) {
    return listDifference(path, live, "list" in expected ? String(expected.list) : literal(expected));
  }
  const found = `try(${live}, null)`;
  const text = format(
    `${path} is %s, declared %s`,
    `try(coalesce(tostring(${found})), "not set")`,
    literal(String(expected)),
  );
  return `jsonencode(${found}) == ${literal(JSON.stringify(expected))} ? "" : ${text}`;
}

function listDifference(path: string, live: Expression, expected: Expression): Expression {
  const [found, wanted] = [`sort(try(${live}, []))`, `sort(tolist(${expected}))`];
  const words = (list: Expression) => `try(coalesce(join(", ", ${list})), "none")`;
  return `jsonencode(${found}) == jsonencode(${wanted}) ? "" : ${format(`${path} are %s, declared %s`, words(found), words(wanted))}`;
}
