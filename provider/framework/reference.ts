import type { Value } from "../plugin/value";
import type { Attribute, Attributes, AttributeType } from "./attribute";

/** What a reference page is made from: a resource (it has an import key), a data source, or a provider's configuration. */
export interface Referenced {
  readonly type: string;
  readonly summary: string;
  readonly attributes: Attributes;
  readonly importKey?: { readonly format: string };
}

/** The reference page of a definition, in Markdown: every attribute with its nested ones, defaults, and how to import. */
export function referencePage({ type, summary, attributes, importKey }: Referenced): string {
  const rows = Object.entries(attributes).flatMap(([name, attribute]) => attributeRows(name, attribute));
  const table = ["| Attribute | Type | Given | Default | Meaning |", "| --- | --- | --- | --- | --- |", ...rows];
  const sections = [
    `# ${type}`,
    "<!-- Generated from the definition; changes made here are lost. -->",
    summary,
    "## Attributes",
    table.join("\n"),
    ...(importKey ? ["## Import", `By \`${importKey.format}\`:`, importCommand(type, importKey.format)] : []),
  ];
  return `${sections.join("\n\n")}\n`;
}

function importCommand(type: string, format: string): string {
  return ["```sh", `terraform import ${type}.<name> '${format}'`, "```"].join("\n");
}

function attributeRows(path: string, attribute: Attribute): string[] {
  const { type, options } = attribute;
  const own = [`\`${path}\``, typeName(type), given(attribute), standard(attribute), meaning(options)];
  const row = `| ${own.map((cell) => cell.replaceAll("|", "\\|").replaceAll("\n", " ")).join(" | ")} |`;
  if (!("attributes" in type)) return [row];
  const inside = path + inElement[type.kind];
  return [row, ...Object.entries(type.attributes).flatMap(([name, one]) => attributeRows(`${inside}.${name}`, one))];
}

const inElement = { object: "", "object-list": "[]", "object-set": "[]", "object-map": ".<key>" } as const;

function typeName(type: AttributeType): string {
  if (type.kind === "primitive") return type.primitive;
  if ("element" in type) return `${type.kind} of ${type.element}`;
  return type.kind === "object" ? "object" : `${type.kind.slice("object-".length)} of objects`;
}

function given({ mode }: Attribute): string {
  if (mode === "required") return "required";
  return mode === "computed" ? "read only" : "optional";
}

function standard({ mode, options }: Attribute): string {
  if (mode === "required" || mode === "optional") return "";
  if (typeof options.default === "function") return "derived";
  if (options.default !== undefined) return literal(options.default);
  return options.keep ? "as it is" : "";
}

function literal(value: Value): string {
  return value === null ? "none" : `\`${JSON.stringify(value)}\``;
}

function meaning(options: Attribute["options"]): string {
  const notes = [
    options.replace && "A change replaces the resource.",
    options.sensitive && "Sensitive.",
    options.writeOnly && "Write-only: it never reaches plan or state.",
  ].filter((note) => note !== undefined && note !== false);
  return [options.doc, ...notes].join(" ");
}
