/** How much a finding matters, by one table: the first row that fits decides. `docs/drift-report.md` shows it to readers. */
import type { Action, Finding, Severity } from "./model";

/** The worst first. */
export const severities: readonly Severity[] = ["critical", "high", "medium", "low"];

interface Judged {
  readonly severity: Severity;
  readonly why: string;
}

interface Facts extends Pick<Finding, "kind" | "path" | "text"> {
  /** Terraform type, or "github" for what only the audit saw. */
  readonly type: string;
  /** What Terraform would do about the resource. */
  readonly action: Action | undefined;
}

interface Row extends Judged {
  fits(facts: Facts): boolean;
}

/** Judges a finding. `actions`: of its stack. */
export function severityOf(finding: Finding, actions: Readonly<Record<string, Action>>): Judged {
  const [type = ""] = finding.address.split(/[.:]/);
  const facts = { ...finding, type, action: actions[finding.address] };
  const { severity, why } = severityTable.find(({ fits }) => fits(facts)) ?? otherwise;
  return { severity, why };
}

const otherwise: Row = {
  severity: "medium",
  why: "a declared value is another outside, or something is there that nobody declared",
  fits: () => true,
};

const isDrift = ({ kind }: Facts): boolean => kind !== "pending" && kind !== "follows";
const isGithub = ({ type }: Facts): boolean => /^(github|terraform_data|null_resource)/.test(type);
/** A finding of GitHub: the object stands in the path (audit, gate) or in the type (Terraform's resource). */
const isOf = (facts: Facts, path: RegExp, type: RegExp): boolean =>
  isGithub(facts) && (path.test(facts.path) || type.test(facts.type));

const PROTECTION = [/^(ruleset|branch_protection)\//, /^github_(repository_ruleset|branch_protection)/] as const;
const COSMETIC = [
  /^(label\/|autolink\/|repository (description|topics|homepage|has_))/,
  /^github_issue_label/,
] as const;

export const severityTable: readonly Row[] = [
  {
    severity: "critical",
    why: "somebody can step over the rules of the branch",
    fits: (facts) =>
      isDrift(facts) &&
      (isOf(facts, /^team\//, /^$/) ||
        (isOf(facts, ...PROTECTION) && /bypass|enforce|missing|gone|disabled/.test(`${facts.path} ${facts.text}`))),
  },
  {
    severity: "critical",
    why: "an app, its machines or its data are gone",
    fits: ({ kind, type, path }) => kind === "missing" && path === "" && /^fly_(app|volume|process_group)$/.test(type),
  },
  {
    severity: "critical",
    why: "somebody who was not declared may write to the repository",
    fits: (facts) =>
      facts.kind === "undeclared" && isGithub(facts) && /^(deploy_key|collaborator|team)/.test(facts.path),
  },
  {
    severity: "high",
    why: "the protection of the branch is another than declared",
    fits: (facts) => isDrift(facts) && isOf(facts, ...PROTECTION),
  },
  {
    severity: "high",
    why: "a secret is missing, too old, undeclared, or was changed by somebody",
    fits: (facts) => isDrift(facts) && (facts.type === "fly_secrets" || /^secret\//.test(facts.path)),
  },
  {
    severity: "high",
    why: "something can be reached from outside, or hears of what happens, that nobody declared",
    fits: (facts) =>
      isDrift(facts) &&
      (/^(services|address\/|certificate\/|webhook\/)/.test(facts.path) ||
        /^fly_(ip_address|certificate)$/.test(facts.type)),
  },
  {
    severity: "high",
    why: "what may run or deploy is another than declared",
    fits: (facts) =>
      isDrift(facts) &&
      isOf(
        facts,
        /^(environment|actions|file)\/|\.github\/workflows/,
        /^github_(repository_environment|actions_|repository_file|workflow_)/,
      ),
  },
  {
    severity: "high",
    why: "machines do not serve as declared: missing, stopped by hand, cordoned, failed, too many, or another image",
    fits: ({ kind, type, path, text }) =>
      kind !== "pending" &&
      type.startsWith("fly_") &&
      (/\b(missing|failed|cordoned|unexpected|by a user|machines run)\b|\bimage is\b/.test(text) ||
        /^(image$|machine\/|group\/)/.test(path)),
  },
  {
    severity: "high",
    why: "the next apply destroys something",
    fits: ({ kind, action }) => kind === "pending" && (action === "delete" || action === "replace"),
  },
  {
    severity: "low",
    why: "it is how something is called or described",
    fits: (facts) => isOf(facts, ...COSMETIC),
  },
  {
    severity: "low",
    why: "the configuration waits for an apply; nobody acted outside",
    fits: ({ kind }) => kind === "pending" || kind === "follows",
  },
  otherwise,
];

/** "2 critical, 1 low"; empty for none. */
export function severityCounts(findings: readonly Finding[]): string {
  return severities
    .flatMap((severity) => {
      const count = findings.filter((one) => one.severity === severity).length;
      return count > 0 ? [`${count} ${severity}`] : [];
    })
    .join(", ");
}

/** The worst first; findings that are alike stay in their order. */
export const bySeverity = (findings: readonly Finding[]): readonly Finding[] =>
  [...findings].sort((a, b) => rank(a) - rank(b));

const rank = ({ severity }: Finding): number =>
  severity === undefined ? severities.length : severities.indexOf(severity);
