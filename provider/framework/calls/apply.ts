import type { Request, Response } from "../../plugin/tfplugin6";
import type { ObjectValue } from "../../plugin/value";
import type { Call } from "../call";
import { conformObject, toKnownObject } from "../conform";
import type { AnyResource } from "../definition";
import { notAsPlanned, wrongShape } from "../diagnostic";
import { PrivateStore } from "../private-state";
import type { Session } from "../session";
import { respell, settle } from "../spelling";
import { readObject, writeValue } from "../wire-value";
import { withWriteOnly } from "../write-only";

/**
 * Answers ApplyResourceChange.
 *
 * A create that fails leaves no state: Terraform would mark it tainted and destroy, at the next apply, what may be half
 * of a running app. Creates find what they left behind. An update or delete that fails leaves the prior state.
 */
export async function applyResource<R, W extends R, S>(
  session: Session<R, W, S>,
  request: Request<"ApplyResourceChange">,
): Promise<Response<"ApplyResourceChange">> {
  const resource = session.resource(request.type_name);
  const prior = readObject(resource.attributes, request.prior_state);
  const planned = readObject(resource.attributes, request.planned_state);
  const config = readObject(resource.attributes, request.config);
  const store = PrivateStore.decode(request.planned_private);
  const known = toKnownObject(resource.attributes, planned ?? prior ?? {});
  const call = session.call(resource, actionOf(prior, planned), known);
  const written = await call.attempt(() => write(session, resource, { prior, planned, config }, call, store));
  const left = written ?? call.salvaged;
  const state = left === undefined || !planned ? undefined : stateOf(resource, planned, left, call);
  return {
    new_state: !state && call.failed ? request.prior_state : writeValue(state ?? null),
    private: store.encode(),
    diagnostics: call.wire,
  };
}

interface Change {
  readonly prior: ObjectValue | null;
  readonly planned: ObjectValue | null;
  readonly config: ObjectValue | null;
}

function actionOf(prior: ObjectValue | null, planned: ObjectValue | null): string {
  if (planned === null) return "delete";
  return prior === null ? "create" : "update";
}

/** What the handler says is there now; undefined after a delete. */
async function write<R, W extends R, S>(
  session: Session<R, W, S>,
  resource: AnyResource<R, W, S>,
  { prior, planned, config }: Change,
  call: Call,
  store: PrivateStore,
): Promise<Readonly<Record<string, unknown>> | undefined> {
  const { attributes } = resource;
  const { writer, settings } = session.configured;
  const context = call.context(settings, store);
  const before = toKnownObject(attributes, prior ?? {});
  if (!planned) {
    await resource.delete(writer, before, context);
    return undefined;
  }
  const plan = toKnownObject(attributes, withWriteOnly(attributes, planned, config));
  if (!prior) return resource.create(writer, plan, context);
  if (!resource.update) throw new Error(`${resource.type} has no update`);
  return resource.update(writer, plan, before, context);
}

/**
 * A state that Terraform accepts. After a success it is the plan completed; after a failure it is what is there.
 *
 * A wrong shape is only warned of: the object exists, and an error would make Terraform replace it.
 */
function stateOf<R, W extends R, S>(
  { attributes }: AnyResource<R, W, S>,
  planned: ObjectValue,
  left: Readonly<Record<string, unknown>>,
  call: Call,
): ObjectValue {
  const { value, misfits } = conformObject(attributes, left);
  if (misfits.length > 0) call.diagnose({ ...wrongShape(attributes, misfits, call.during), severity: "warning" });
  if (call.failed) return respell(attributes, value, planned);
  const { state, surprises } = settle(attributes, planned, value);
  call.diagnose(...surprises.map((surprise) => notAsPlanned(attributes, surprise)));
  return state;
}
