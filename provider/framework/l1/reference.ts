import { Fn, type IResolvable, type IResolveContext, Token } from "cdktf";
import type { Attribute, Attributes, AttributeType, Primitive } from "../attribute";
import { camel } from "./props";

/** Gives the Terraform expression of an attribute, by its path from the resource: `guest.memory_mb`. */
export type Refer = (path: string) => IResolvable;

/**
 * Puts a getter for each attribute onto `target`, named in camelCase, that gives a Token of the attribute's type.
 * Write-only attributes have none: nothing can read them.
 */
export function defineReferences(target: object, attributes: Attributes, refer: (owner: object) => Refer): void {
  for (const [name, attribute] of Object.entries(attributes)) {
    if (attribute.options.writeOnly) continue;
    Object.defineProperty(target, camel(name), {
      configurable: true,
      enumerable: false,
      get(this: object) {
        return reference(attribute, name, refer(this));
      },
    });
  }
}

function reference({ type }: Attribute, path: string, refer: Refer): unknown {
  switch (type.kind) {
    case "primitive":
      return primitive(type.primitive, refer(path));
    case "list":
      return list(type.element, refer(path));
    case "set":
      return list(type.element, Fn.tolist(refer(path)));
    case "map":
      return map(type.element, refer(path));
    case "object":
      return new ObjectToken(type, path, refer);
    default:
      return refer(path);
  }
}

function primitive(type: Primitive, expression: IResolvable): unknown {
  if (type === "string") return Token.asString(expression);
  return type === "number" ? Token.asNumber(expression) : expression;
}

function list(element: Primitive, expression: unknown): unknown {
  if (element === "string") return Token.asList(expression);
  return element === "number" ? Token.asNumberList(expression) : Token.asAny(expression);
}

function map(element: Primitive, expression: IResolvable): unknown {
  if (element === "string") return Token.asStringMap(expression);
  return element === "number" ? Token.asNumberMap(expression) : Token.asBooleanMap(expression);
}

/** A reference to a nested object as a whole, with a getter for each of its attributes. */
class ObjectToken implements IResolvable {
  readonly creationStack: string[] = [];
  /** Private in the language's own way, so that no attribute can have the same name. */
  readonly #expression: IResolvable;

  constructor(type: AttributeType & { readonly attributes: Attributes }, path: string, refer: Refer) {
    this.#expression = refer(path);
    defineReferences(this, type.attributes, () => (name) => refer(`${path}.${name}`));
  }

  resolve(context: IResolveContext): unknown {
    return this.#expression.resolve(context);
  }

  toString(): string {
    return Token.asString(this.#expression);
  }
}
