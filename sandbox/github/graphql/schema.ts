import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { buildSchema, type GraphQLSchema } from "graphql";

const name = "@octokit/graphql-schema";
let built: GraphQLSchema | undefined;

/** GitHub's published GraphQL schema, built at the first question: that takes about a second. */
export function githubSchema(): GraphQLSchema {
  built ??= buildSchema(readText(), { assumeValid: true });
  return built;
}

/** The package exports only an ES module, so its file is looked up by hand. */
function readText(): string {
  const folders = createRequire(__filename).resolve.paths(name) ?? [];
  for (const folder of folders) {
    try {
      return readFileSync(join(folder, name, "schema.graphql"), "utf8");
    } catch {
      // The next folder is tried.
    }
  }
  throw new Error(`The package ${name} is not installed: npm install ${name}`);
}
