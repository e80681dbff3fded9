import { bool, number, object, objectList, objectMap, set, string } from "./attribute";
import { referencePage } from "./reference";

test("shows every attribute, nested ones by their path, with default and consequences", () => {
  const page = referencePage({
    type: "edge_thing",
    summary: "A thing.",
    importKey: { format: "app/name" },
    attributes: {
      id: string("computed", { doc: "Its number." }),
      name: string("required", { doc: "Its name: a|b.", replace: true }),
      size_gb: number("optional+computed", { doc: "Size in GB.", default: 1 }),
      twice: number("optional+computed", { doc: "Twice that.", default: () => 2 }),
      zone: string("optional+computed", { doc: "Where.", keep: true }),
      none: bool("optional+computed", { doc: "Nothing.", default: null }),
      token: string("optional", { doc: "Secret.", writeOnly: true, sensitive: true }),
      guest: object("optional", { tags: set("optional", "string", { doc: "Tags." }) }, { doc: "Guest." }),
      ports: objectList("optional", { port: number("required", { doc: "Port." }) }, { doc: "Ports." }),
      checks: objectMap("optional", { path: string("optional", { doc: "Path." }) }, { doc: "Checks." }),
    },
  });
  expect(page).toBe(`# edge_thing

<!-- Generated from the definition; changes made here are lost. -->

A thing.

## Attributes

| Attribute | Type | Given | Default | Meaning |
| --- | --- | --- | --- | --- |
| \`id\` | string | read only |  | Its number. |
| \`name\` | string | required |  | Its name: a\\|b. A change replaces the resource. |
| \`size_gb\` | number | optional | \`1\` | Size in GB. |
| \`twice\` | number | optional | derived | Twice that. |
| \`zone\` | string | optional | as it is | Where. |
| \`none\` | bool | optional | none | Nothing. |
| \`token\` | string | optional |  | Secret. Sensitive. Write-only: it never reaches plan or state. |
| \`guest\` | object | optional |  | Guest. |
| \`guest.tags\` | set of string | optional |  | Tags. |
| \`ports\` | list of objects | optional |  | Ports. |
| \`ports[].port\` | number | required |  | Port. |
| \`checks\` | map of objects | optional |  | Checks. |
| \`checks.<key>.path\` | string | optional |  | Path. |

## Import

By \`app/name\`:

\`\`\`sh
terraform import edge_thing.<name> 'app/name'
\`\`\`
`);
});

test("says nothing of import where there is none", () => {
  expect(referencePage({ type: "edge_lookup", summary: "A look.", attributes: {} })).not.toContain("Import");
});
