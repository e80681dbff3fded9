import type { Request, Response } from "../../plugin/tfplugin6";
import type { ObjectValue } from "../../plugin/value";
import type { Call } from "../call";
import { mapValues, toKnownObject } from "../conform";
import type { AnyResource, Path, PlanRequest } from "../definition";
import { wirePath } from "../path";
import { planObject, replacements, withVolatile } from "../plan";
import { PrivateStore } from "../private-state";
import type { Session } from "../session";
import { at, sameObject } from "../shape";
import { readObject, writeValue } from "../wire-value";

/** Answers PlanResourceChange. A plan that changes nothing is the prior state to the byte. */
export async function planResource<R, W extends R, S>(
  session: Session<R, W, S>,
  request: Request<"PlanResourceChange">,
): Promise<Response<"PlanResourceChange">> {
  const resource = session.resource(request.type_name);
  const prior = readObject(resource.attributes, request.prior_state);
  const config = readObject(resource.attributes, request.config);
  const proposed = readObject(resource.attributes, request.proposed_new_state);
  const call = session.call(resource, "plan", toKnownObject(resource.attributes, config ?? prior ?? {}));
  const store = PrivateStore.decode(request.prior_private);
  const planner = new Planner(session, resource, call, store);
  const wanted = proposed === null ? null : config;
  const plan = await call.attempt(() => (wanted ? planner.change(wanted, prior) : planner.destroy(prior)));
  const diagnostics = call.wire;
  if (!plan) return { diagnostics };
  const unchanged = plan.value && prior && sameObject(resource.attributes, plan.value, prior);
  return {
    planned_state: unchanged ? request.prior_state : writeValue(plan.value),
    requires_replace: plan.replace.map((path) => wirePath(resource.attributes, path)),
    planned_private: store.encode(),
    diagnostics,
  };
}

interface Plan {
  readonly value: ObjectValue | null;
  readonly replace: readonly Path[];
}

class Planner<R, W extends R, S> {
  constructor(
    private readonly session: Session<R, W, S>,
    private readonly resource: AnyResource<R, W, S>,
    private readonly call: Call,
    private readonly store: PrivateStore,
  ) {}

  async destroy(prior: ObjectValue | null): Promise<Plan> {
    await this.ask({ action: "delete", config: null, prior, planned: null, requireReplace: () => {} });
    return { value: null, replace: [] };
  }

  async change(config: ObjectValue, prior: ObjectValue | null): Promise<Plan> {
    const { attributes } = this.resource;
    const ruled = planObject(attributes, config, prior);
    const planned = { ...(prior ? withVolatile(attributes, ruled, prior) : ruled) };
    const requested: Path[] = [];
    await this.ask({
      action: prior ? "update" : "create",
      config,
      prior,
      planned,
      requireReplace: (path) => requested.push(path),
    });
    const complete = mapValues(attributes, (_, name) => at(planned, name));
    if (!prior) return { value: complete, replace: [] };
    const value = sameObject(attributes, ruled, prior) ? withVolatile(attributes, complete, prior) : complete;
    return { value, replace: [...replacements(attributes, value, prior), ...requested] };
  }

  /** Nothing is asked, and so no configured client needed, where the resource has no say in its plan. */
  private async ask(request: PlanRequest): Promise<void> {
    if (!this.resource.plan) return;
    const { reader, settings } = this.session.configured;
    await this.resource.plan(reader, request, this.call.context(settings, this.store));
  }
}
