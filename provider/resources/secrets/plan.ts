import { isDeepStrictEqual } from "node:util";
import type { FlyReader } from "../../../api/fly/client";
import { isList, isObject, type PlanRequest, unknown, type Value, whollyKnown } from "../../framework";
import type { FlyContext } from "../fly-resource";
import { keepImported } from "../imported";
import { unlessGone } from "../ownership";
import { rotationDays } from "./attribute";
import { isInStep, recall } from "./memory";
import { missingSources } from "./missing-source";
import { resolve, type Source } from "./source";

type Entries = Readonly<Record<string, Value>>;

/** Completes a plan of fly_secrets after the attribute rules: `version` becomes unknown when something is going to be written. */
export async function planSecrets(fly: FlyReader, request: PlanRequest, context: FlyContext): Promise<void> {
  const { config, prior, planned } = request;
  if (!config || !planned) return;
  const declared = entries(config.sources);
  if (prior && declared) {
    planned.status = undeclaredOnly(entries(prior.status) ?? {}, declared);
    const known = entries(prior.sources) ?? {};
    const added = Object.keys(declared).some((name) => !(name in known));
    const changes = added || differs(planned, prior, ["app", "revision", "status"]);
    keepImported(context.private, planned, prior, { instructions: ["sources", "rotation_days"], changes });
    if (differs(planned, prior, ["sources", "revision", "status"])) planned.version = unknown;
  }
  await warnOfSources(fly, request, context);
  await warnOfAge(fly, request, context);
}

/** What the apply will have to write and cannot from here, said while nothing is done yet. */
async function warnOfSources(fly: FlyReader, { prior, planned }: PlanRequest, context: FlyContext): Promise<void> {
  const declared = entries(planned?.sources);
  if (!declared || typeof planned?.app !== "string") return;
  const live = (await unlessGone(fly.secrets.list(planned.app))) ?? [];
  const memory = recall(context.private);
  const all = prior !== null && planned.revision !== prior.revision;
  const missing: string[] = [];
  for (const [name, source] of Object.entries(declared)) {
    if (!all && isInStep(name, live, memory)) continue;
    const now = await resolve(sourceOf(source), context.settings.env);
    if ("absent" in now) missing.push(`${name}: ${now.absent}`);
  }
  if (missing.length === 0) return;
  context.diagnose({
    severity: "warning",
    ...missingSources(planned.app, missing, "An apply from here fails and writes none."),
  });
}

function sourceOf(value: Value): Source {
  const { env, file, command } = isObject(value) ? value : {};
  return {
    env: texts(env),
    file: typeof file === "string" ? file : undefined,
    command: texts(command),
  };
}

const texts = (value: Value | undefined): string[] | undefined =>
  value !== undefined && isList(value) ? value.flatMap((one) => (typeof one === "string" ? [one] : [])) : undefined;

function differs(planned: Entries, prior: Entries, names: readonly string[]): boolean {
  return names.some((name) => !isDeepStrictEqual(planned[name], prior[name]));
}

/** After an import the state knows names that nobody declared; those are the inventory's to report. */
function undeclaredOnly(status: Entries, declared: Entries): Entries {
  return Object.fromEntries(Object.entries(status).filter(([name]) => !(name in declared)));
}

async function warnOfAge(fly: FlyReader, { config, planned }: PlanRequest, context: FlyContext): Promise<void> {
  const days = config?.rotation_days ?? rotationDays;
  const declared = entries(config?.sources ?? null);
  if (typeof days !== "number" || !declared || typeof planned?.app !== "string") return;
  const limit = context.settings.now() - days * 86_400_000;
  const old = ((await unlessGone(fly.secrets.list(planned.app))) ?? []).filter(({ name, updated_at, created_at }) => {
    const written = Date.parse(updated_at ?? created_at ?? "");
    return name in declared && written < limit;
  });
  if (old.length === 0) return;
  const list = old.map(
    ({ name, updated_at, created_at }) => `${name} (${(updated_at ?? created_at ?? "").slice(0, 10)})`,
  );
  context.diagnose({
    severity: "warning",
    summary: `${old.length === 1 ? "1 secret is" : `${old.length} secrets are`} older than ${days} days`,
    detail: `App ${planned.app}: ${list.join(", ")}. Make new values at their issuers, put them where the sources are read from, and apply. [fly/secret-age]`,
    path: ["rotation_days"],
  });
}

function entries(value: Value | undefined): Entries | undefined {
  return value !== undefined && isObject(value) && whollyKnown(value) ? value : undefined;
}
