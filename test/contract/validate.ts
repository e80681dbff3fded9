/** Compares one answer with what GitHub's document says about its operation and its status. */
import Ajv, { type ErrorObject, type ValidateFunction } from "ajv";
import addFormats from "ajv-formats";
import type { Contract, Operation } from "./document";
import type { Json } from "./schema";

/** A request and its answer. */
export interface Exchange {
  readonly method: string;
  /** As it was asked for, without `/api/v3`. */
  readonly path: string;
  readonly status: number;
  readonly body: unknown;
}

/** What came of one exchange. */
export interface Verdict {
  /** Such as `repos/get`; undefined: the document has no such operation. */
  readonly operation: string | undefined;
  readonly status: number;
  /** One sentence for each difference. */
  readonly differences: readonly string[];
}

const basicError: Json = { $ref: "#/components/schemas/basic-error" };

/** Address of the components; nothing is there. */
const base = "https://document.invalid/github";

/** Makes the comparison; a schema is compiled when its answer comes for the first time. */
export function createJudge({ operations, components }: Contract): (exchange: Exchange) => Verdict {
  const ajv = addFormats(new Ajv({ strict: false, allErrors: true, logger: false }));
  ajv.addSchema({ $id: base, components });
  const compiled = new Map<string, ValidateFunction>();
  const patterns = operations
    .map((operation) => ({ operation, pattern: patternOf(operation.template), weight: weightOf(operation.template) }))
    .sort((a, b) => b.weight - a.weight);

  return ({ method, path, status, body }) => {
    const plain = path.replace(/\?.*$/, "");
    const found = patterns.find(({ operation, pattern }) => operation.method === method && pattern.test(plain));
    if (!found) return { operation: undefined, status, differences: ["the document has no such operation"] };
    const { operation } = found;
    return { operation: operation.id, status, differences: compare(operation, status, body) };
  };

  function compare(operation: Operation, status: number, body: unknown): string[] {
    const schema = operation.answers.get(status);
    if (schema === undefined) return [`status ${status} is not among ${[...operation.answers.keys()].join(", ")}`];
    // An error has a body also where the document shows none.
    const held = schema ?? (status >= 400 ? basicError : null);
    if (held === null) return body === undefined ? [] : [`status ${status} has a body`];
    if (body === undefined) return [`status ${status} has no body`];
    const key = `${operation.id} ${status}`;
    const validate = compiled.get(key) ?? ajv.compile(pointed(held));
    compiled.set(key, validate);
    return validate(body) ? [] : summary(validate.errors ?? []);
  }
}

/** The schema with its references led to the components. */
function pointed(schema: Json): object {
  return JSON.parse(JSON.stringify(schema).replaceAll('"#/components/', `"${base}#/components/`));
}

/** Errors of a union repeat those of its branches: what is said once is enough, and indexes of lists are no news. */
const summary = (errors: readonly ErrorObject[]): string[] => [
  ...new Set(
    errors
      .filter(({ keyword }) => keyword !== "anyOf" && keyword !== "oneOf")
      .map(({ instancePath, message, params }) => {
        const place = instancePath.replace(/\/\d+(?=\/|$)/g, "/*") || "/";
        return `${place} ${message}${params.additionalProperty ? ` such as ${params.additionalProperty}` : ""}`;
      }),
  ),
];

/** Parameters that stand for a path of their own. */
const deep = /\{(path|ref|basehead)\}$/;

const patternOf = (template: string): RegExp =>
  new RegExp(
    `^${template
      .replace(deep, "\0")
      .replace(/[.*+?^$()|[\]\\]/g, "\\$&")
      .replace(/\{[^}]+\}/g, "[^/]+")
      .replace("/\0", "(/.*)?")}/?$`,
  );

/** A template with more words of its own is the better fit. */
const weightOf = (template: string): number => template.split("/").filter((part) => !part.startsWith("{")).length;
