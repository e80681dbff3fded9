/** GitHub's published OpenAPI document, brought here and cut down to what a validator can read. */
import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync, readFileSync, renameSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { asRecord, clean, close, eachOf, type Json } from "./schema";

/** The package that holds the document; it is no dependency: unpacked it has 385 MB. */
const source = { name: "@octokit/openapi", version: "23.0.2" };
const file = "package/generated/api.github.com.json";

/** An operation's answers by status: a schema, or null for an answer without a body. */
export interface Operation {
  readonly id: string;
  readonly method: string;
  readonly template: string;
  readonly answers: ReadonlyMap<number, Json>;
}

/** What a validator needs of the document. */
export interface Contract {
  readonly operations: readonly Operation[];
  /** `components`, as a schema to which the answers refer. */
  readonly components: Json;
}

/** Reads the document. The first time, npm brings its package into a folder below the temporary one. */
export function readContract(): Contract {
  const document = asRecord(clean(JSON.parse(readFileSync(fetched(), "utf8"))));
  const operations = Object.entries(asRecord(document.paths)).flatMap(([template, methods]) =>
    Object.entries(asRecord(methods)).flatMap(([method, given]) => {
      const { operationId, responses } = asRecord(given);
      if (typeof operationId !== "string") return [];
      const answers = new Map(
        Object.entries(asRecord(responses)).map(([code, one]) => [Number(code), close(schemaOf(one))]),
      );
      return [{ id: operationId, method: method.toUpperCase(), template, answers }];
    }),
  );
  const open = asRecord(asRecord(document.components).schemas);
  return { operations, components: { schemas: eachOf(open, close), open } };

  function schemaOf(response: Json | undefined): Json {
    const { $ref, content } = asRecord(response);
    if (typeof $ref === "string") {
      return schemaOf(asRecord(asRecord(document.components).responses)[$ref.split("/").at(-1) ?? ""]);
    }
    const bodies = asRecord(content);
    return asRecord(bodies["application/json"] ?? Object.values(bodies)[0]).schema ?? null;
  }
}

function fetched(): string {
  const folder = join(tmpdir(), `openapi-${source.version}`);
  const path = join(folder, file);
  if (existsSync(path)) return path;
  const part = join(folder, String(process.pid));
  mkdirSync(part, { recursive: true });
  const packed = ["pack", "--silent", `${source.name}@${source.version}`];
  const archive = execFileSync("npm", packed, { cwd: part, encoding: "utf8" }).trim();
  execFileSync("tar", ["-xzf", archive, file], { cwd: part });
  renameSync(join(part, "package"), join(folder, "package"));
  return path;
}
