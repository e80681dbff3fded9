import { actions } from "../../../constructs/workflows/action/action";
import type { Layer } from "./lint";
import { sample } from "./sample";

/** One defect: what is replaced in a file of the sample, and which layers must find it under which code. */
export interface Mutant {
  readonly defect: string;
  readonly file: "check.yml" | "deploy.yml" | "undo.yml";
  readonly from: string | RegExp;
  readonly to: string;
  /** Own rule, kind of actionlint, audit of zizmor; of the language service a part of its sentence. */
  readonly by: Readonly<Partial<Record<Layer, string>>>;
}

const pin = (action: string) => `${action}@${actions[action]?.commit} # ${actions[action]?.version}`;
const checkout = pin("actions/checkout");
const expression = (source: string) => `\${{ ${source} }}`;
const buildRun = "run: npm ci && npm run build";
const mutant = (file: Mutant["file"], defect: string, from: Mutant["from"], to: string, by: Mutant["by"]): Mutant => ({
  file,
  defect,
  from,
  to,
  by,
});

/** Every defect, about one per rule and per audit that matters. */
export const mutants: readonly Mutant[] = [
  mutant("check.yml", "an action by tag", checkout, "actions/checkout@v7", {
    own: "workflow/action-pin",
    zizmor: "unpinned-uses",
    "language-service": "Unable to resolve action",
  }),
  mutant("check.yml", "an action by a short commit", checkout, "actions/checkout@3d3c42e # v7.0.1", {
    own: "workflow/action-pin",
    zizmor: "unpinned-uses",
  }),
  mutant("check.yml", "an action by another commit", checkout, `actions/checkout@${"a".repeat(40)} # v7.0.1`, {
    own: "workflow/action-pin",
    "language-service": "Unable to resolve action",
  }),
  mutant("check.yml", "a pin without its version", checkout, checkout.replace(/ #.*/, ""), {
    own: "workflow/action-pin",
  }),
  mutant("check.yml", "a pin with another version", checkout, checkout.replace("# v7.0.1", "# v6.0.0"), {
    own: "workflow/action-pin",
  }),
  mutant("check.yml", "an action outside the lock", checkout, `evil/checkout@${"a".repeat(40)} # v1`, {
    own: "workflow/action-unknown",
    zizmor: "forbidden-uses",
    "language-service": "Unable to resolve action",
  }),
  mutant(
    "check.yml",
    "an input that the action lacks",
    "node-version: 20.20.2",
    "node-version: 20.20.2\n          cachee: npm",
    {
      own: "workflow/action-input",
      "language-service": "Invalid action input 'cachee'",
    },
  ),
  mutant("check.yml", "a required input that is missing", /\n {10}key: npm-.*/, "", {
    own: "workflow/action-input",
    "language-service": "Missing required input `key`",
  }),
  mutant(
    "check.yml",
    "fork code with our secrets",
    "persist-credentials: false",
    "persist-credentials: false\n          allow-unsafe-pr-checkout: true",
    {
      own: "workflow/action-input",
      "language-service": "Invalid action input",
    },
  ),
  mutant("check.yml", "a token that stays in the checkout", /\n {8}with:\n {10}persist-credentials: false/, "", {
    own: "workflow/checkout-credentials",
    zizmor: "artipacked",
  }),
  mutant("check.yml", "no permissions at the top", "permissions: {}\n\nconcurrency", "concurrency", {
    own: "workflow/permissions",
    zizmor: "excessive-permissions",
  }),
  mutant("check.yml", "all permissions", "permissions: {}\n\nconcurrency", "permissions: write-all\n\nconcurrency", {
    own: "workflow/permissions",
    zizmor: "excessive-permissions",
  }),
  mutant("check.yml", "a job without permissions of its own", /\n {4}permissions:\n {6}contents: read\n.*write.*/, "", {
    own: "workflow/permissions",
  }),
  mutant("check.yml", "an unknown permission", "contents: read", "content: read", { actionlint: "permissions" }),
  mutant("check.yml", "a write without its reason", " # tells the size of the build", "", {
    own: "workflow/permissions",
    zizmor: "undocumented-permissions",
  }),
  mutant("check.yml", "a job without end", "\n    timeout-minutes: 10", "", { own: "workflow/timeout" }),
  mutant("check.yml", "a check longer than a run may be", "timeout-minutes: 10", "timeout-minutes: 11", {
    own: "workflow/timeout",
  }),
  mutant("deploy.yml", "a deployment of half an hour", "timeout-minutes: 20", "timeout-minutes: 30", {
    own: "workflow/timeout",
  }),
  mutant("check.yml", "no concurrency", /\nconcurrency:\n.*\n.*\n/, "", {
    own: "workflow/concurrency",
    zizmor: "concurrency-limits",
  }),
  mutant("check.yml", "an outdated run that goes on", "in-progress: true", "in-progress: false", {
    own: "workflow/concurrency",
  }),
  mutant("deploy.yml", "a deployment that is cut short", "in-progress: false", "in-progress: true", {
    own: "workflow/concurrency",
  }),
  mutant("check.yml", "a title in a script", buildRun, `run: echo "${expression("github.event.pull_request.title")}"`, {
    own: "workflow/expression-in-run",
    actionlint: "expression",
    zizmor: "template-injection",
  }),
  mutant(
    "deploy.yml",
    "an input in a script",
    /run: gh release create.*/,
    `run: echo "${expression("inputs.version")}"`,
    {
      own: "workflow/expression-in-run",
      zizmor: "template-injection",
    },
  ),
  mutant(
    "deploy.yml",
    "a secret in a script",
    /run: gh release create.*/,
    `run: echo "${expression("secrets.FLY_API_TOKEN")}"`,
    {
      own: "workflow/expression-in-run",
      zizmor: "template-injection",
    },
  ),
  mutant(
    "check.yml",
    "a branch name in JavaScript",
    buildRun,
    `uses: ${pin("actions/github-script")}\n        with:\n          script: console.log("\${{ github.head_ref }}")`,
    { own: "workflow/expression-in-run", actionlint: "expression", zizmor: "template-injection" },
  ),
  mutant("check.yml", "pull_request_target", "  pull_request: {}", "  pull_request_target: {}", {
    own: "workflow/trigger",
    zizmor: "dangerous-triggers",
  }),
  mutant(
    "check.yml",
    "workflow_run",
    "  pull_request: {}",
    "  pull_request: {}\n  workflow_run:\n    workflows: [Check]",
    {
      own: "workflow/trigger",
      zizmor: "dangerous-triggers",
    },
  ),
  mutant(
    "check.yml",
    "an environment for forks",
    "runs-on: ubuntu-24.04",
    "environment: preview\n    runs-on: ubuntu-24.04",
    {
      own: "workflow/fork",
    },
  ),
  mutant(
    "check.yml",
    "a secret of an environment without it",
    buildRun,
    `${buildRun}\n        env:\n          KEY: \${{ secrets.SHOPIFY_API_SECRET }}`,
    {
      own: "workflow/secret-environment",
      zizmor: "secrets-outside-env",
    },
  ),
  mutant("deploy.yml", "a deployment without an environment", /\n {4}environment:\n.*/, "", {
    own: "workflow/secret-environment",
  }),
  mutant("deploy.yml", "a secret that nobody declared", /secrets\.FLY_API_TOKEN/, "secrets.FLY_API_TOKENN", {
    own: "workflow/secret-environment",
  }),
  mutant(
    "deploy.yml",
    "a secret for every step of a job",
    "    runs-on:",
    `    env:\n      T: ${expression("secrets.FLY_API_TOKEN")}\n    runs-on:`,
    {
      own: "workflow/secret-scope",
    },
  ),
  mutant("deploy.yml", "all secrets at once", /\$\{\{ secrets\.FLY_API_TOKEN \}\}/, expression("toJSON(secrets)"), {
    own: "workflow/secret-scope",
    zizmor: "overprovisioned-secrets",
  }),
  mutant("deploy.yml", "secrets that are inherited", /secrets:\n {6}FLY.*/, "secrets: inherit", {
    own: "workflow/secret-scope",
    zizmor: "secrets-inherit",
  }),
  mutant(
    "deploy.yml",
    "a cache in a production deployment",
    pin("actions/attest-build-provenance"),
    pin("actions/cache"),
    {
      own: "workflow/release-cache",
    },
  ),
  mutant("deploy.yml", "a cache by itself in a production deployment", /\n {10}package-manager-cache: false/, "", {
    own: "workflow/release-cache",
  }),
  mutant("deploy.yml", "a release that nothing attests", /\n {6}- name: Attest the log\n.*\n.*\n.*/, "", {
    own: "workflow/attestation",
  }),
  mutant("check.yml", "a runner without a version", "runs-on: ubuntu-24.04", "runs-on: ubuntu-latest", {
    own: "workflow/runner",
  }),
  mutant("check.yml", "a runner that does not exist", "runs-on: ubuntu-24.04", "runs-on: ubuntu-23.04", {
    actionlint: "runner-label",
  }),
  mutant("check.yml", "an image by tag", /postgres@sha256:1+/, "postgres:15", {
    own: "workflow/image",
    zizmor: "unpinned-images",
  }),
  mutant("check.yml", "a package of any version", buildRun, "run: npm install -g danger", {
    own: "workflow/tool-version",
    zizmor: "adhoc-packages",
  }),
  mutant("check.yml", "a script from the network", buildRun, "run: curl -fsS https://example.org/install.sh | bash", {
    own: "workflow/tool-version",
  }),
  mutant("deploy.yml", "the newest flyctl", "version: 0.3.195", "version: latest", { own: "workflow/tool-version" }),
  mutant("check.yml", "no shell", /\ndefaults:\n.*\n.*\n/, "", { own: "workflow/shell" }),
  mutant("check.yml", "another shell", buildRun, `${buildRun}\n        shell: sh`, { own: "workflow/shell" }),
  mutant("deploy.yml", "a variable without quotes", '"$VERSION" --generate', "$VERSION --generate", {
    actionlint: "shellcheck",
  }),
  mutant("check.yml", "a schedule at the full hour", "cron: 7 3", "cron: 0 3", { own: "workflow/schedule" }),
  mutant("check.yml", "a schedule that does not exist", "cron: 7 3", "cron: 7 25", { actionlint: "events" }),
  mutant("check.yml", "a schedule that nobody can run by hand", "\n  workflow_dispatch: {}", "", {
    own: "workflow/schedule",
  }),
  mutant("check.yml", "a gate that may fail", buildRun, `${buildRun}\n        continue-on-error: true # it is flaky`, {
    own: "workflow/gate",
  }),
  mutant("check.yml", "a check that may fail unseen", "    runs-on:", "    continue-on-error: true\n    runs-on:", {
    own: "workflow/gate",
  }),
  mutant(
    "deploy.yml",
    "a failure that is let be without a reason",
    /run: scripts\/say\.sh.*/,
    "run: 'false'\n        continue-on-error: true",
    {
      own: "workflow/gate",
    },
  ),
  mutant("check.yml", "a last gate that is skipped with the rest", "always()", "success()", {
    own: "workflow/gate-skipped",
  }),
  mutant(
    "check.yml",
    "a gate that looks at no result",
    /( {4}name: build\n)([\s\S]*)\$\{\{ needs\.build\.result \}\}/,
    "$1    if: github.actor != 'octocat'\n$2success",
    { own: "workflow/gate-skipped" },
  ),
  mutant("check.yml", "a required check that no job reports", "name: ci-complete", "name: complete", {
    own: "workflow/required-check",
  }),
  mutant("deploy.yml", "a required check that two jobs report", "name: Deploy\n", "name: build\n", {
    own: "workflow/required-check",
  }),
  mutant("check.yml", "a required check for some paths", "  pull_request: {}", "  pull_request:\n    paths: [app/**]", {
    own: "workflow/required-check",
  }),
  mutant("check.yml", "a required check that does not run on pull requests", "  pull_request: {}\n", "", {
    own: "workflow/required-check",
  }),
  mutant(
    "check.yml",
    "a required check that skips forks",
    "    name: build",
    "    name: build\n    if: github.event.pull_request.head.repo.full_name == github.repository",
    { own: "workflow/required-check" },
  ),
  mutant("deploy.yml", "an input without a type", /\n {8}type: string/, "", { own: "workflow/input" }),
  mutant("deploy.yml", "a version that nobody looks at", /if ! \[\[ "\$VERSION" =~ [\s\S]*?fi\n/, "", {
    own: "workflow/input",
  }),
  mutant("deploy.yml", "an outsider's value that is handed on", /if ! \[\[ "\$VERSION" =~ [\s\S]*?fi\n/, "", {
    own: "workflow/untrusted-output",
  }),
  mutant(
    "check.yml",
    "a branch name in the environment of later steps",
    buildRun,
    `run: echo "BRANCH=$BRANCH" >> "$GITHUB_ENV"\n        env:\n          BRANCH: ${expression("github.head_ref")}`,
    { own: "workflow/untrusted-output" },
  ),
  mutant(
    "check.yml",
    "a watchman who comes late",
    buildRun,
    `uses: ${pin("step-security/harden-runner")}\n        with:\n          egress-policy: audit`,
    { own: "workflow/harden-runner" },
  ),
  mutant(
    "check.yml",
    "an action that the repository does not allow",
    buildRun,
    `uses: ${pin("step-security/harden-runner")}\n        with:\n          egress-policy: audit`,
    { own: "workflow/action-not-allowed" },
  ),
  mutant("check.yml", "a change by hand", buildRun, "run: npm ci && npm run built", { own: "workflow/head" }),
  mutant("check.yml", "a file without a head", /^# Generated.*\n/, "", { own: "workflow/head" }),
  mutant("check.yml", "a matrix that is too large", /shard:\n(.*\n){2}/, `shard: [${[...Array(257).keys()]}]\n`, {
    own: "workflow/size",
  }),
  mutant("check.yml", "an expression that is too long", "always()", `always() && '${"x".repeat(21_000)}' != ''`, {
    own: "workflow/size",
  }),
  mutant("undo.yml", "a called workflow in its caller's group", /group: .*/, "group: production", {
    own: "workflow/called-concurrency",
  }),
  mutant("undo.yml", "a roll-back beside a deployment", /'production'/, "'other'", {
    own: "workflow/called-concurrency",
  }),
  mutant("deploy.yml", "a call that does not say that it is one", /\n {6}called: true/, "", {
    own: "workflow/called-concurrency",
  }),
  mutant("deploy.yml", "a call of a file that is not there", "workflows/undo.yml", "workflows/redo.yml", {
    own: "workflow/called-file",
  }),
  mutant(
    "deploy.yml",
    "a call of another repository",
    "./.github/workflows/undo.yml",
    "evil/x/.github/workflows/undo.yml@v1",
    {
      own: "workflow/action-unknown",
      zizmor: "unpinned-uses",
    },
  ),
  mutant("deploy.yml", "an id that stands there twice", "id: before", "id: version", { actionlint: "id" }),
  mutant("check.yml", "a job that does not exist", "      - build", "      - biuld", {
    actionlint: "job-needs",
    "language-service": "biuld",
  }),
  mutant("deploy.yml", "an output that does not exist", "steps.before.outputs", "steps.befor.outputs", {
    actionlint: "expression",
    "language-service": "befor",
  }),
  mutant("check.yml", "a key that does not exist", "timeout-minutes: 10", "timeout-minuets: 10", {
    actionlint: "syntax-check",
    own: "workflow/timeout",
  }),
  mutant(
    "check.yml",
    "a condition that always holds",
    /if: \$\{\{ always\(\) \}\}/,
    `if: ${expression("false")} and more`,
    {
      actionlint: "if-cond",
      zizmor: "unsound-condition",
    },
  ),
  mutant(
    "check.yml",
    "trust in a bot's name",
    /if: \$\{\{ always\(\) \}\}/,
    `if: ${expression("github.actor == 'dependabot[bot]'")}`,
    {
      zizmor: "bot-conditions",
    },
  ),
  mutant(
    "check.yml",
    "commands by standard output",
    buildRun,
    `${buildRun}\n        env:\n          ACTIONS_ALLOW_UNSECURE_COMMANDS: true`,
    {
      zizmor: "insecure-commands",
    },
  ),
  mutant(
    "deploy.yml",
    "jobs that wait for each other",
    /name: Deploy\n([\s\S]*) {4}if: .*\n/,
    "name: Deploy\n    needs: [undo]\n$1",
    { actionlint: "job-needs", own: "workflow/head" },
  ),
  mutant("check.yml", "a file that is no YAML", "jobs:\n", "jobs: [\n", { own: "workflow/unreadable" }),
  mutant("check.yml", "a file that is no workflow", /jobs:\n[\s\S]*/, "jobs: none\n", { own: "workflow/unreadable" }),
];

/** The file with its defect. */
export function mutated({ file, from, to }: Mutant): string {
  const text = sample[file] ?? "";
  return text.replace(from, to);
}
