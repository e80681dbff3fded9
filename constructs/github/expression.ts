/** Text of a Terraform expression, without the `${` and `}` around it. */
export type Expression = string;

/** Plain data that can stand in an expression. */
export type Plain = string | number | boolean | null | readonly Plain[] | { readonly [key: string]: Plain };

/** The expression as a value in a stack's JSON. */
export const template = (expression: Expression): string => `\${${expression}}`;

/** Plain data as an expression; what would begin a template in a text is doubled, as Terraform wants it. */
export const literal = (value: Plain): Expression =>
  JSON.stringify(value).replaceAll("${", "$${").replaceAll("%{", "%%{");

/** A text in which `%s` stands for the value of each expression in turn. */
export const format = (text: string, ...values: readonly Expression[]): Expression =>
  `format(${[literal(text), ...values].join(", ")})`;

/** One value that has to be as declared. */
export interface Comparison {
  /** As a person calls it: "pull_request.required_approving_review_count". */
  readonly path: string;
  /** Where it stands in what was read. Absent there: null, or none where `expected` is a list. */
  readonly live: Expression;
  /** A list has no order. */
  readonly expected: Plain;
}

/** Comparisons of each value of an object, at every depth; a list is one value. */
export function comparisons(live: Expression, expected: { readonly [key: string]: Plain }, prefix = ""): Comparison[] {
  return Object.entries(expected).flatMap(([key, value]) => {
    const [path, below] = [`${prefix}${key}`, `${live}.${key}`];
    const isObject = typeof value === "object" && value !== null && !Array.isArray(value);
    if (isObject) return comparisons(below, value as { readonly [key: string]: Plain }, `${path}.`);
    return [{ path, live: below, expected: value }];
  });
}

/** What is said of an object that is as it is to be. */
export const asDeclared = "as declared";

/** Text of every difference, or {@link asDeclared}: "approvals is 0, declared 1; strict is false, declared true". */
export function differenceText(all: readonly (Comparison | Expression)[]): Expression {
  const texts = all.map((one) => (typeof one === "string" ? one : difference(one)));
  return `try(coalesce(join("; ", compact([${texts.join(", ")}]))), ${literal(asDeclared)})`;
}

function difference({ path, live, expected }: Comparison): Expression {
  const isList = Array.isArray(expected);
  const found = isList ? `jsonencode(sort(try(${live}, [])))` : `jsonencode(try(${live}, null))`;
  const wanted = isList ? `jsonencode(sort(tolist(${literal(expected)})))` : literal(JSON.stringify(expected));
  const text = format(`${path} is %s, declared %s`, found, wanted);
  return `${found} == ${wanted} ? "" : ${text}`;
}
