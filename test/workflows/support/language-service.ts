/**
 * GitHub's own language service as a process: it is an ES module that loads JSON, which jest cannot. Standard input: text by file name, and
 * what is to be known of actions; standard output: its diagnostics by file name.
 */
import { text as readAll } from "node:stream/consumers";
import { actions } from "../../../constructs/workflows/action/action";

/** One diagnostic: the line counts from 1. */
export interface Diagnostic {
  readonly message: string;
  readonly line: number;
}

async function main(): Promise<void> {
  const { validate } = await import("@actions/languageservice");
  const { TextDocument } = await import("vscode-languageserver-textdocument");
  const files = JSON.parse(await readAll(process.stdin)) as Record<string, string>;
  const found: Record<string, Diagnostic[]> = {};
  for (const [name, text] of Object.entries(files)) {
    // It remembers by address: each file needs its own.
    const document = TextDocument.create(`file:///repository/.github/workflows/${name}`, "yaml", 1, text);
    const diagnostics = await validate(document, {
      actionsMetadataProvider: {
        fetchActionMetadata: async ({ owner, name: repository, path, ref }) =>
          metadata([owner, repository, path].filter(Boolean).join("/"), ref),
      },
      fileProvider: {
        getFileContent: async ({ path }: { path: string }) => {
          const file = path.replace(/^\.?\/?\.github\/workflows\//, "");
          return { name: path, content: files[file] ?? "" };
        },
      },
    });
    found[name] = diagnostics.map(({ message, range }) => ({ message: String(message), line: range.start.line + 1 }));
  }
  process.stdout.write(JSON.stringify(found));
}

/** What the lock says; nothing for another commit, so that it cannot be resolved. */
async function metadata(action: string, ref: string) {
  const pin = actions[action];
  if (pin?.commit !== ref) return undefined;
  const inputs = [
    ...Object.entries(pin.inputs.required).map(([name, description]) => [name, { description, required: true }]),
    ...Object.entries(pin.inputs.optional).map(([name, description]) => [name, { description, required: false }]),
  ];
  const outputs = Object.entries(pin.outputs).map(([name, description]) => [name, { description }]);
  return {
    name: action,
    description: action,
    inputs: Object.fromEntries(inputs),
    outputs: Object.fromEntries(outputs),
  };
}

main().catch((error: unknown) => {
  process.stderr.write(String(error instanceof Error ? error.stack : error));
  process.exitCode = 1;
});
