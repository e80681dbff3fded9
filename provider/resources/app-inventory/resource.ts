import type { Fly } from "../../../api/fly/client";
import { type Diagnostic, Problem } from "../../framework";
import { type FlyContext, flyResource } from "../fly-resource";
import { markImported } from "../imported";
import { attributes, type Kind, type State } from "./attribute";
import { planInventory } from "./plan";
import { removalCommand, remove } from "./removal";
import { type Holding, survey, undeclared } from "./survey";

/** What an app holds that nobody declared. A leaf: everything else of the app is applied before it. */
export const appInventory = flyResource({
  type: "fly_app_inventory",
  summary:
    "Compares what an app holds with what is declared. Whatever nobody declared is a difference in the plan; the apply refuses, removes or ignores it by `policy`. Make it depend on everything else of the app. Deleting it changes nothing on Fly.",
  attributes,
  importKey: { format: "app", parse: (id) => (id && !id.includes("/") ? { app: id } : undefined) },
  plan: planInventory,

  async read(fly, state, { imported, settings, private: store }) {
    const holdings = await survey(fly, state.app);
    if (!holdings) return undefined;
    if (imported) markImported(store, true);
    const base = imported ? takenOver(state.app, holdings) : state;
    return { ...base, undeclared: reports(undeclared(holdings, base, settings.now())) };
  },

  async create(fly, plan, context) {
    return settle(fly, plan, undefined, context);
  },

  async update(fly, plan, prior, context) {
    return settle(fly, plan, prior.undeclared ?? {}, context);
  },

  async delete() {},
});

/** An import declares what is there, so that a configuration which declares the same shows no difference. */
function takenOver(app: string, holdings: readonly Holding[]): State {
  const of = (kind: Kind) => [
    ...new Set(holdings.filter((one) => one.kind === kind).map((one) => one.alias ?? one.name)),
  ];
  return {
    app,
    id: app,
    addresses: of("address"),
    certificates: of("certificate"),
    groups: of("group"),
    secrets: of("secret"),
    volumes: of("volume"),
    policy: {},
    ignore: [],
  };
}

/** Removes what is to be removed and what the plan has shown; anything else that is undeclared is refused. */
async function settle(
  fly: Fly,
  plan: State,
  shown: Readonly<Record<string, string>> | undefined,
  context: FlyContext,
): Promise<State> {
  const { app } = plan;
  const found = undeclared((await survey(fly, app)) ?? [], plan, context.settings.now());
  const removable = found.filter(
    (one) => plan.policy?.[one.kind] === "remove" && (shown === undefined || keyOf(one) in shown),
  );
  await remove(fly, app, removable, context.progress);
  const left = found.filter((one) => !removable.includes(one));
  if (left.length > 0) throw new Problem(refused(plan, left));
  markImported(context.private, false);
  return { ...plan, id: app, undeclared: {} };
}

function keyOf({ kind, name }: Holding): string {
  return `${kind}/${name}`;
}

function reports(found: readonly (Holding & { readonly report: string })[]): Record<string, string> {
  return Object.fromEntries(found.map((one) => [keyOf(one), one.report]));
}

function refused({ app, policy }: State, left: readonly (Holding & { readonly report: string })[]): Diagnostic {
  const lines = left.map((one) => {
    const late = policy?.[one.kind] === "remove" ? "; it came after the plan: plan again and apply to remove it" : "";
    return `  ${keyOf(one)}: ${one.report}${late}\n    ${removalCommand(app, one)}`;
  });
  return {
    summary: `App ${app} holds ${left.length === 1 ? "an object" : `${left.length} objects`} that nobody declared`,
    detail: `Everything else was applied; these were left as they are:
${lines.join("\n")}
For each: declare it and import it (terraform import), remove it (the command above, or policy = { ${left[0]?.kind} = "remove" }), or let it be for a while (ignore = [{ object, reason, until }]). [fly/undeclared]`,
    path: ["undeclared"],
  };
}
