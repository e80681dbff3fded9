import { type ActionName, actions } from "../action/action";
import type { ParsedWorkflow } from "./parsed-workflow";
import { type Report, type Rule, usesOf } from "./rule";

/** W01: every action is in the lock, pinned by the lock's commit, with its version behind it and inputs that it has. */
const pinned: Rule = {
  id: "W01",
  check(file, report, { config }) {
    for (const { step, path, action, reference } of usesOf(file)) {
      const uses = [...path, "uses"];
      const pin = Object.hasOwn(actions, action) ? actions[action] : undefined;
      if (!pin) {
        report(
          "workflow/action-unknown",
          uses,
          `"${action}" is not in the lock; use one of ${Object.keys(actions).join(", ")}, or add it to actions.lock.json`,
        );
        continue;
      }
      if (reference !== pin.commit) {
        report("workflow/action-pin", uses, `is pinned to "${reference}"; the lock says ${pin.commit}`);
      } else if (file.comment(uses) !== pin.version) {
        report("workflow/action-pin", uses, `must have "# ${pin.version}" behind it, the version of that commit`);
      }
      if (!allowed(`${action}@${reference}`, config.repository.actions.allowed)) {
        report(
          "workflow/action-not-allowed",
          uses,
          `"${action}" is not among repository.actions.allowed, so GitHub refuses the run; add "${action}@*"`,
        );
      }
      inputs(action as ActionName, step.with, [...path, "with"], report);
    }
    calledFiles(file, report);
  },
};

/** GitHub's own actions are always allowed; a pattern has `*` for any text. */
function allowed(uses: string, patterns: readonly string[]): boolean {
  const fits = (pattern: string) => new RegExp(`^${pattern.split("*").map(literal).join(".*")}$`).test(uses);
  return /^(actions|github)\//.test(uses) || patterns.some(fits);
}

const literal = (text: string): string => text.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");

function inputs(action: ActionName, given: Readonly<Record<string, string>>, path: Path, report: Report): void {
  const { required = {}, optional = {} } = actions[action]?.inputs ?? {};
  for (const name of Object.keys(given)) {
    if (name in required || name in optional) continue;
    report("workflow/action-input", [...path, name], `is no input of ${action} that may be set`);
  }
  for (const name of Object.keys(required)) {
    if (!(name in given)) report("workflow/action-input", path, `lacks "${name}", which ${action} needs`);
  }
}

type Path = readonly (string | number)[];

/** A workflow of another repository is code that the lock does not hold. */
function calledFiles(file: ParsedWorkflow, report: Report): void {
  for (const { id, uses } of file.jobs) {
    if (uses === undefined || uses.startsWith("./.github/workflows/")) continue;
    report("workflow/action-unknown", ["jobs", id, "uses"], `"${uses}" is no workflow of this repository`);
  }
}

/** W03: the job's token stays out of the checkout. (That fork code is never checked out with our secrets: the lock has no such input.) */
const checkout: Rule = {
  id: "W03",
  check(file, report) {
    for (const { step, path, action } of usesOf(file)) {
      if (action !== "actions/checkout" || step.with["persist-credentials"] === "false") continue;
      report(
        "workflow/checkout-credentials",
        [...path, "with"],
        "leaves the job's token in the checkout, where every later step can push with it; set persist-credentials: false",
      );
    }
  },
};

/** W11: what users get is built from nothing that an earlier run left behind, and its origin is attested. */
const noCache: Rule = {
  id: "W11",
  check(file, report) {
    const releases =
      file.on.push?.tags !== undefined || file.jobs.some(({ environment }) => environment === "production");
    for (const { step, path, action } of releases ? usesOf(file) : []) {
      const byItself = action === "actions/setup-node" && step.with["package-manager-cache"] !== "false";
      if (!action.startsWith("actions/cache") && !byItself && step.with.cache === undefined) continue;
      report(
        "workflow/release-cache",
        [...path, "uses"],
        "restores a cache in a release or a production deployment, and any branch can write caches; leave it out (setup-node: package-manager-cache: false)",
      );
    }
    const attested = usesOf(file).some(({ action }) => action === "actions/attest-build-provenance");
    const published = file.jobs.flatMap(({ steps }) => steps).some(({ run = "" }) => /\bgh release create\b/.test(run));
    if (published && !attested) {
      report(
        "workflow/attestation",
        ["jobs"],
        "makes a release and attests nothing; add actions/attest-build-provenance",
      );
    }
  },
};

const exactVersion: Readonly<Record<string, string>> = {
  "superfly/flyctl-actions/setup-flyctl": "version",
  "hashicorp/setup-terraform": "terraform_version",
  "actions/setup-node": "node-version",
};

/** Commands that install whatever is newest, and what to write instead. */
const loose: readonly (readonly [RegExp, string])[] = [
  [/\bnpm\s+(i|install|add)\b/, "npm ci, or npm exec --no with a dependency of package.json"],
  [/\bnpx\s+(--yes|-y)\b/, "npm exec --no with a dependency of package.json"],
  [/\b(curl|wget)\b[^\n]*\|\s*(sudo\s+)?(ba|z)?sh\b/, "a download whose SHA-256 is checked before it runs"],
  [/\bpip3?\s+install\s+(?![^\n]*(==|-r\s))/, "pip install name==version"],
  [/@latest\b/, "an exact version"],
];

/** W14: whatever a job installs has one version, whenever it runs. */
const versions: Rule = {
  id: "W14",
  check(file, report) {
    for (const { step, path, action } of usesOf(file)) {
      const input = exactVersion[action];
      if (input === undefined || /^\d+\.\d+\.\d+$/.test(step.with[input] ?? "")) continue;
      report("workflow/tool-version", [...path, "with"], `${input} must be an exact version, such as 1.2.3`);
    }
    for (const { id, steps } of file.jobs) {
      steps.forEach(({ run = "" }, index) => {
        for (const [pattern, instead] of loose) {
          const [found] = pattern.exec(run) ?? [];
          if (found === undefined) continue;
          report(
            "workflow/tool-version",
            ["jobs", id, "steps", index, "run"],
            `"${found}" has no version; use ${instead}`,
          );
        }
      });
    }
  },
};

/** W20: what watches a job starts before everything that it is to watch. */
const watchedFromTheStart: Rule = {
  id: "W20",
  check(file, report) {
    for (const { step, path, action } of usesOf(file)) {
      if (action !== "step-security/harden-runner") continue;
      if (path.at(-1) !== 0) report("workflow/harden-runner", path, "must be the first step of its job");
      if (step.with["egress-policy"] === undefined) {
        report("workflow/harden-runner", [...path, "with"], "must say egress-policy: audit, then block with its list");
      }
    }
  },
};

/** Rules about actions and tools. */
export const actionRules: readonly Rule[] = [pinned, checkout, noCache, versions, watchedFromTheStart];
