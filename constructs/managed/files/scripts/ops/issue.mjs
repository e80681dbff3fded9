import { Trouble } from "../policy/policy.mjs";
import { execute, json } from "./fly.mjs";

/**
 * Opens an issue, or adds a comment to the open one of this title and label, so that a lasting trouble is one issue.
 *
 * @returns the address of the issue
 */
export function openIssue({ label, title, body }) {
  const list = ["issue", "list", "--label", label, "--state", "open", "--limit", "200", "--json", "number,title,url"];
  const known = json("gh", list, []).find((one) => one.title === title);
  if (known) {
    run(["issue", "comment", String(known.number), "--body-file", "-"], body);
    return known.url;
  }
  return run(["issue", "create", "--label", label, "--title", title, "--body-file", "-"], body);
}

function run(args, body) {
  const { code, stdout, stderr } = execute("gh", args, body);
  if (code !== 0) throw new Trouble(`gh ${args.slice(0, 2).join(" ")} failed: ${stderr.trim()}`);
  return stdout.trim();
}
