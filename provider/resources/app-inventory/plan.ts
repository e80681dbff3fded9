import type { FlyReader } from "../../../api/fly/client";
import { isList, isObject, type PlanRequest, type Value, whollyKnown } from "../../framework";
import type { FlyContext } from "../fly-resource";
import { keepImported } from "../imported";
import { type Kind, kinds } from "./attribute";
import { type Declared, survey, undeclared } from "./survey";

type Entries = Readonly<Record<string, Value>>;

/** What an import takes from Fly or leaves empty, and the configuration says in its own words: a pattern, another order. */
const instructions = ["addresses", "certificates", "groups", "secrets", "volumes", "policy", "ignore"];

/**
 * Completes a plan of fly_app_inventory after the attribute rules. The state was judged by the lists and rules of the last
 * apply; what a create will find, and whether an import needs the configured ones, is judged by those.
 */
export async function planInventory(fly: FlyReader, request: PlanRequest, context: FlyContext): Promise<void> {
  const { config, prior, planned } = request;
  if (!config || !planned || typeof planned.app !== "string") return;
  const holdings = await survey(fly, planned.app);
  const found = holdings ? undeclared(holdings, declaredIn(config), context.settings.now()) : [];
  if (prior) {
    const unknown = instructions.some((name) => !whollyKnown(planned[name] ?? null));
    const changes = found.length > 0 || unknown || planned.app !== prior.app;
    keepImported(context.private, planned, prior, { instructions: [...instructions, "undeclared"], changes });
  } else if (found.length > 0) {
    const list = found.map(({ kind, name, report }) => `${kind}/${name} (${report})`).join("; ");
    context.diagnose({
      severity: "warning",
      summary: `App ${planned.app} holds what nobody declared`,
      detail: `${list}. The apply removes what \`policy\` says to remove, and fails on the rest when all else is done. [fly/undeclared-found]`,
      path: ["undeclared"],
    });
  }
}

/** Kinds whose list is not known yet are not judged before the apply. */
function declaredIn(config: Entries): Declared {
  const policy: Record<string, string> = {};
  for (const [kind, choice] of entries(config.policy)) if (typeof choice === "string") policy[kind] = choice;
  const list = (kind: Kind, value: Value | undefined) => {
    if (value !== undefined && !whollyKnown(value)) policy[kind] = "ignore";
    return texts(value);
  };
  const rules = config.ignore ?? null;
  if (!whollyKnown(rules)) for (const kind of kinds) policy[kind] = "ignore";
  return {
    addresses: list("address", config.addresses),
    certificates: list("certificate", config.certificates),
    groups: list("group", config.groups),
    secrets: list("secret", config.secrets),
    volumes: list("volume", config.volumes),
    policy,
    ignore: isList(rules) ? rules.flatMap(ruleOf) : [],
  };
}

function ruleOf(rule: Value) {
  const { object, reason, until } = isObject(rule) ? rule : {};
  if (typeof object !== "string" || typeof reason !== "string" || typeof until !== "string") return [];
  return [{ object, reason, until }];
}

function entries(value: Value | undefined): [string, Value][] {
  return value !== undefined && isObject(value) ? Object.entries(value) : [];
}

function texts(value: Value | undefined): readonly string[] {
  return value !== undefined && isList(value) ? value.filter((one) => typeof one === "string") : [];
}
