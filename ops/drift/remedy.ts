/** What can be done about a finding, as something to type; pure. */
import { stringify } from "yaml";
import { removalCommand } from "../../provider/resources/app-inventory/removal";
import type { Finding, Ignore, Remedies } from "../../report/model";
import { dayIn } from "./ignore-file";

interface RemedyContext {
  readonly stack: string;
  /** Fly app that the finding is about; undefined: it is about none. */
  readonly app: string | undefined;
  /** Unix ms. */
  readonly now: number;
}

/** The four ways out. Those that write into the project's files are for the id of the finding. */
export function remediesOf(finding: Finding, id: string, context: RemedyContext): Remedies {
  // No day in it: an issue that repeats it is not to change every day.
  const letBe = (option: string) =>
    `npx infra drift ${context.stack} ${option} ${id} --until <day> --owner <login> --reason '<why>'`;
  return {
    apply: finding.left ? byHand(finding, context) : `npx infra apply ${context.stack}`,
    adopt: adoptText(finding, context),
    ignore: letBe("--ignore"),
    known: letBe("--known"),
    entry: pasteable(finding, context),
  };
}

/** One line, so that it is copied whole. */
function pasteable({ address, path }: Finding, { stack, now }: RemedyContext): string {
  const one: Ignore = {
    kind: "ignore",
    stack,
    address,
    path,
    reason: "<why>",
    owner: "<login>",
    until: dayIn(30, now),
  };
  return `- ${stringify(one, { collectionStyle: "flow", lineWidth: 0 }).trim()}`;
}

/** What an apply leaves as it is: the command that removes or gives it. */
function byHand({ address, path, text }: Finding, { stack, app }: RemedyContext): string {
  const said = /\b(?:remove it|remove|give it|make it|make a new value|close it|correct it): (.+)$/.exec(text)?.[1];
  if (said !== undefined) return said;
  const [, kind, name = ""] = /^(address|certificate|group|machine|secret|volume)\/(.+)$/.exec(path) ?? [];
  if (app !== undefined && isHolding(kind)) {
    const members = /\bmachines? ([0-9a-z, ]+)/.exec(text)?.[1]?.split(", ") ?? [name];
    return removalCommand(app, { kind, name, words: "", members });
  }
  if (address.startsWith("fly_secrets")) return `put a new value at its source, then: npx infra apply ${stack}`;
  return `what the finding says, then: npx infra plan ${stack}`;
}

const HOLDINGS = ["address", "certificate", "group", "machine", "secret", "volume"] as const;
const isHolding = (kind: string | undefined): kind is (typeof HOLDINGS)[number] => HOLDINGS.some((one) => one === kind);

function adoptText({ kind, address, path, is }: Finding, { stack }: RemedyContext): string {
  const then = `npx infra plan ${stack}`;
  const where = path === "" ? address : path;
  if (kind === "pending") return `take the change back in the configuration, then: ${then}`;
  if (address.startsWith("fly_process_group.") && path.includes(" ")) {
    return `write it into the configuration for the whole group, then: ${then}`;
  }
  if (kind === "missing") return `take ${where} out of the configuration, then: ${then}`;
  if (kind === "undeclared") {
    const take = address.startsWith("fly_") ? `npx infra adopt ${stack}` : then;
    return `declare ${where} in the configuration, then: ${take}`;
  }
  if (path.endsWith("age_days")) return `allow a longer time between rotations in the configuration, then: ${then}`;
  const value = is === undefined ? "what was found" : JSON.stringify(is);
  return `set ${where} to ${value.length > longestValue ? "what was found" : value} in the configuration, then: ${then}`;
}

const longestValue = 60;
