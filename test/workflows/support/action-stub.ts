import { mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { stringify } from "yaml";
import { actions, type Pin } from "../../../constructs/workflows/action/action";
import { shellWord } from "../../../constructs/workflows/model/script";

/** What an action does when it is used: its outputs, and whether it fails. */
export interface ActionAnswer {
  readonly outputs?: Readonly<Record<string, string>>;
  readonly fails?: true;
}

/** By action; what is not named succeeds. */
export type ActionAnswers = Readonly<Record<string, ActionAnswer>>;

/** The scratch repository. */
export interface Repository {
  readonly origin: string;
  readonly head: string;
}

/** One use of an action. */
export interface Use {
  readonly action: string;
  /** Its inputs, defaults included. */
  readonly with: Readonly<Record<string, string>>;
}

const usual: ActionAnswers = { "actions/create-github-app-token": { outputs: { token: "token-of-the-app" } } };

/**
 * Writes one composite action per entry of the lock, with the inputs and outputs that the lock says, and returns act's arguments that put
 * them in the place of the real ones. A checkout really checks out; artifacts really go from job to job.
 *
 * @param repository what a checkout copies: its folder, and its newest commit
 */
export function writeActions(folder: string, repository: Repository, answers: ActionAnswers): string[] {
  for (const name of ["actions", "uses", "artifacts"]) mkdirSync(join(folder, name));
  const places = Object.entries(actions).map(([name, pin]) => {
    const [owner, action, ...path] = name.split("/");
    const root = join(folder, "actions", `${owner}-${action}`);
    const home = join(root, ...path);
    mkdirSync(home, { recursive: true });
    const answer = answers[name] ?? usual[name] ?? {};
    writeFileSync(join(home, "action.yml"), definition(name, pin, script(folder, repository, name, answer)));
    return `${owner}/${action}@${pin.commit}=${root}`;
  });
  return [...new Set(places)].flatMap((place) => ["--local-repository", place]);
}

function definition(name: string, { inputs, outputs }: Pin, run: string): string {
  const fallback = (doc: string) => {
    const text = /; default (.*)$/.exec(doc)?.[1];
    return text === undefined || text.includes("${{") ? {} : { default: text };
  };
  return stringify({
    name: `stub of ${name}`,
    inputs: {
      ...Object.fromEntries(Object.keys(inputs.required).map((key) => [key, { required: true }])),
      ...Object.fromEntries(Object.entries(inputs.optional).map(([key, doc]) => [key, fallback(doc)])),
    },
    outputs: Object.fromEntries(
      Object.keys(outputs).map((key) => [key, { value: `\${{ steps.stub.outputs['${key}'] }}` }]),
    ),
    runs: {
      using: "composite",
      steps: [
        {
          id: "stub",
          shell: "bash",
          run,
          env: {
            STUB_INPUTS: `\${{ toJSON(inputs) }}`,
            ...Object.fromEntries((deeds[name]?.reads ?? []).map((key) => [variable(key), `\${{ inputs['${key}'] }}`])),
          },
        },
      ],
    },
  });
}

/** Input "retention-days" as a deed reads it: `$IN_RETENTION_DAYS`. */
const variable = (input: string): string => `IN_${input.toUpperCase().replaceAll("-", "_")}`;

function script(
  folder: string,
  { origin, head }: Repository,
  name: string,
  { outputs = {}, fails }: ActionAnswer,
): string {
  return [
    "set -euo pipefail; shopt -s globstar nullglob dotglob",
    `printf '%s\\n%s' ${shellWord(name)} "$STUB_INPUTS" > ${shellWord(join(folder, "uses"))}/"\${EPOCHREALTIME/[.,]/}-$$"`,
    `artifacts=${shellWord(join(folder, "artifacts"))}; origin=${shellWord(origin)}; head=${head}`,
    ...Object.entries(outputs).map(([key, value]) => `echo ${shellWord(`${key}=${value}`)} >> "$GITHUB_OUTPUT"`),
    fails ? "exit 1" : (deeds[name]?.does ?? "true"),
    "",
  ].join("\n");
}

/** What an action has to do for the steps after it, and the inputs that it reads. Paths are the globs of the real ones as far as bash has them. */
const deeds: Readonly<Record<string, { readonly reads: readonly string[]; readonly does: string }>> = {
  "actions/checkout": {
    reads: ["path", "ref"],
    does: `
dest="$GITHUB_WORKSPACE\${IN_PATH:+/$IN_PATH}"; mkdir -p "$dest"; cp -R "$origin/." "$dest"; commit="$head"
case "\${IN_REF:-$GITHUB_SHA}" in
  "$head"|main|refs/heads/main) ;;
  *)
    cd "$dest"; commit="$(git rev-parse -q --verify "\${IN_REF:-$GITHUB_SHA}^{commit}")" || { [ -z "$IN_REF" ] && commit="$head"; }
    git checkout -q -f "$commit"
esac
echo "commit=$commit" >> "$GITHUB_OUTPUT"`,
  },
  // As the real one: what several lines have in common of their folders is left out.
  "actions/upload-artifact": {
    reads: ["name", "path", "if-no-files-found"],
    does: `
dest="$artifacts/$IN_NAME"; mkdir -p "$dest"; found=(); root=
while IFS= read -r line; do
  case "$line" in ""|"!"*) continue;; esac
  line="$(realpath -ms "\${line/#~/$HOME}")"; top="\${line%%[*?[]*}"
  if [ "$top" != "$line" ]; then top="\${top%/*}"; elif [ ! -d "$line" ]; then top="\${line%/*}"; fi
  if [ -z "$root" ]; then root="$top"; fi
  while [[ "$top/" != "$root/"* ]]; do root="\${root%/*}"; done
  for one in $line; do if [ -e "$one" ]; then found+=("$one"); fi; done
done <<< "$IN_PATH"
if [ "\${#found[@]}" = 0 ]; then
  echo "No files were found with the provided path: $IN_PATH"
  [ "$IN_IF_NO_FILES_FOUND" != error ] || exit 1
fi
for one in "\${found[@]}"; do
  if [ "$one" = "$root" ]; then cp -R "$one/." "$dest"; else (cd "$root"; cp -R --parents "\${one#"$root/"}" "$dest"); fi
done
echo "artifact-digest=$(find "$dest" -type f -exec sha256sum {} + | sort | sha256sum | cut -d' ' -f1)" >> "$GITHUB_OUTPUT"`,
  },
  "actions/download-artifact": {
    reads: ["name", "path", "pattern", "merge-multiple"],
    does: `
dest="\${IN_PATH:-.}"; mkdir -p "$dest"
if [ -n "$IN_NAME" ]; then
  [ -d "$artifacts/$IN_NAME" ] || { echo "Artifact not found for name: $IN_NAME"; exit 1; }
  cp -R "$artifacts/$IN_NAME/." "$dest"
else
  for one in "$artifacts"/\${IN_PATTERN:-*}; do
    if [ "$IN_MERGE_MULTIPLE" = true ]; then cp -R "$one/." "$dest"; else cp -R "$one" "$dest"; fi
  done
fi`,
  },
};

/** The recorded uses, in their order. */
export const usesOf = (folder: string): readonly Use[] =>
  readdirSync(join(folder, "uses"))
    .sort()
    .map((file) => {
      const [action = "", ...inputs] = readFileSync(join(folder, "uses", file), "utf8").split("\n");
      return { action, with: JSON.parse(inputs.join("\n")) };
    });

/** What is wrong with how an action is used; nothing where all is well. */
export function policyProblems({ action, with: given }: Use): string[] {
  const exact = (input: string) =>
    /^\d+\.\d+\.\d+$/.test(given[input] ?? "") ? [] : [`${action}: ${input} is "${given[input]}", no exact version`];
  if (action === "actions/checkout" && given["persist-credentials"] !== "false") {
    return [`${action}: persist-credentials is not false, so that every later step can push`];
  }
  if (action === "superfly/flyctl-actions/setup-flyctl") return exact("version");
  if (action === "hashicorp/setup-terraform") return exact("terraform_version");
  if (action === "actions/setup-node") return exact("node-version");
  if (action === "actions/upload-artifact" && !given["retention-days"]) return [`${action}: says no retention-days`];
  return [];
}
