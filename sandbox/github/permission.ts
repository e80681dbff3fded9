import type { Permission } from "./asker";
import type { Role } from "./row";

/**
 * What each path of a repository asks for, the first that fits: path after the repository's name, permission, and the
 * weakest role of a person that suffices to read and to write.
 *
 * @see https://docs.github.com/rest/authentication/permissions-required-for-fine-grained-personal-access-tokens (read 2026-08)
 */
const table: readonly (readonly [path: RegExp, permission: string, reader: Role, writer: Role])[] = [
  [
    /^\/(topics|vulnerability-alerts|automated-security-fixes|autolinks|keys|invitations)\b/,
    "administration",
    "admin",
    "admin",
  ],
  [/^\/collaborators\/[^/]+\/permission$/, "metadata", "read", "admin"],
  [/^\/(collaborators|teams)\b/, "administration", "write", "admin"],
  [/^\/rulesets\/rule-suites/, "administration", "write", "admin"],
  [/^\/rulesets\/\d+\/history/, "administration", "admin", "admin"],
  [/^\/(rulesets|rules)\b/, "metadata", "read", "admin"],
  [/^\/branches\/[^/]+\/protection/, "administration", "admin", "admin"],
  [/^\/branches\/[^/]+\/rename$/, "administration", "write", "write"],
  [/^\/environments\/[^/]+\/(secrets|variables)/, "environments", "write", "admin"],
  [/^\/environments/, "actions", "read", "admin"],
  [/^\/actions\/permissions/, "administration", "admin", "admin"],
  [/^\/actions\/secrets/, "secrets", "write", "write"],
  [/^\/actions\/variables/, "actions_variables", "write", "write"],
  [/^\/actions\/runs\/\d+\/pending_deployments$/, "actions", "read", "read"],
  [/^\/actions/, "actions", "read", "write"],
  [/^\/secret-scanning/, "secret_scanning_alerts", "admin", "admin"],
  [/^\/hooks/, "repository_hooks", "admin", "admin"],
  [/^\/(issues\/comments|issues\/\d+\/comments|issues|labels)\b/, "issues", "read", "read"],
  [/^\/pulls\/\d+\/merge$/, "contents", "read", "write"],
  [/^\/pulls/, "pull_requests", "read", "read"],
  [/^\/(check-runs|check-suites)|^\/commits\/[^/]+\/check-(runs|suites)/, "checks", "read", "write"],
  [/^\/statuses|^\/commits\/[^/]+\/(status|statuses)$/, "statuses", "read", "write"],
  [/^\/deployments/, "deployments", "read", "write"],
  [/^\/(contents|commits|git|branches|tags|releases|readme|compare|merges|dispatches)\b/, "contents", "read", "write"],
  [/^$/, "administration", "read", "admin"],
];

/** What a call asks for. @param path after `/repos/owner/name`, still escaped */
export function requiredPermission(method: string, path: string): Permission {
  const level = method === "GET" || method === "HEAD" ? "read" : "write";
  const [, name, reader, writer] = table.find(([pattern]) => pattern.test(path)) ?? [/^/, "metadata", "read", "admin"];
  const isPlain = level === "read" && (path === "" || name === "metadata");
  if (level === "write" && name === "metadata") return { name: "administration", level, role: writer };
  return { name: isPlain ? "metadata" : name, level, role: level === "read" ? reader : writer };
}
