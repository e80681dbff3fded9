import { type GraphQLObjectType, type GraphQLSchema, isObjectType } from "graphql";
import type { Asker } from "./asker";

type Resolver = NonNullable<ReturnType<GraphQLObjectType["getFields"]>[string]["resolve"]>;

/** Arguments of a field; the schema has checked them, each resolver says what it takes. */
type Arguments = Parameters<Resolver>[1];

/** How the fields of a type follow from its row; a field that is not here is the row's property of that name. */
export type Fields<Row> = Readonly<Record<string, (row: Row, args: Arguments, asker: Asker) => unknown>>;

/**
 * Gives the fields of a schema their resolvers.
 *
 * @throws when the schema lacks the type or the field
 */
export function attach(schema: GraphQLSchema, resolvers: Readonly<Record<string, Readonly<Record<string, Resolver>>>>) {
  for (const [typeName, fields] of Object.entries(resolvers)) {
    const type = schema.getType(typeName);
    for (const [name, resolve] of Object.entries(fields)) {
      const field = isObjectType(type) ? type.getFields()[name] : undefined;
      if (!field) throw new Error(`The schema has no field ${typeName}.${name}`);
      field.resolve = resolve;
    }
  }
}
