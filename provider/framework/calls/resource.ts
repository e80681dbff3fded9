import { decodeJson } from "../../plugin/dynamic-value";
import type { Request, Response } from "../../plugin/tfplugin6";
import { conformObject, toKnownObject } from "../conform";
import { type AnyResource, type Diagnostic, Problem } from "../definition";
import { wrongShape } from "../diagnostic";
import { PrivateStore } from "../private-state";
import type { Session } from "../session";
import { sameObject } from "../shape";
import { respell } from "../spelling";
import { validateAttributes } from "../validate";
import { readObject, writeValue } from "../wire-value";

/** Answers ValidateResourceConfig: every problem of single attributes and of the whole. */
export async function validateResource<R, W extends R, S>(
  session: Session<R, W, S>,
  { type_name, config }: Request<"ValidateResourceConfig">,
): Promise<Response<"ValidateResourceConfig">> {
  const resource = session.resource(type_name);
  const call = session.call(resource, "validation");
  const value = readObject(resource.attributes, config);
  if (!value) return {};
  call.diagnose(...validateAttributes(resource.attributes, value));
  const whole = await call.attempt(() => resource.validate?.(value));
  call.diagnose(...(whole ?? []));
  return { diagnostics: call.wire };
}

/** Answers ReadResource. On any error the state stays as it is. */
export async function readResource<R, W extends R, S>(
  session: Session<R, W, S>,
  request: Request<"ReadResource">,
): Promise<Response<"ReadResource">> {
  const resource = session.resource(request.type_name);
  const { attributes } = resource;
  const state = readObject(attributes, request.current_state);
  if (!state) return { new_state: request.current_state };
  const known = toKnownObject(attributes, state);
  const store = PrivateStore.decode(request.private);
  const imported = store.takeImported();
  const call = session.call(resource, "read", known);
  const fresh = await call.attempt(async () => {
    const { reader, settings } = session.configured;
    const found = await resource.read(reader, known, { ...call.context(settings, store), imported });
    if (found === undefined) return null;
    const { value, misfits } = conformObject(attributes, found);
    if (misfits.length > 0) throw new Problem(wrongShape(attributes, misfits, call.during));
    return respell(attributes, value, state);
  });
  const diagnostics = call.wire;
  if (fresh === undefined) return { new_state: request.current_state, private: request.private, diagnostics };
  if (fresh === null) return { new_state: writeValue(null), diagnostics };
  const unchanged = sameObject(attributes, fresh, state);
  const new_state = unchanged ? request.current_state : writeValue(fresh);
  return { new_state, private: store.encode(), diagnostics };
}

/** Answers ImportResourceState: the attributes of the key, and a mark for the read that follows. */
export async function importResource<R, W extends R, S>(
  session: Session<R, W, S>,
  { type_name, id }: Request<"ImportResourceState">,
): Promise<Response<"ImportResourceState">> {
  const resource = session.resource(type_name);
  const call = session.call(resource, "import");
  const state = await call.attempt(() => {
    const key = resource.importKey.parse(id);
    if (key === undefined) throw new Problem(malformedKey(resource, id));
    const { value, misfits } = conformObject(resource.attributes, key);
    if (misfits.length > 0) throw new Problem(wrongShape(resource.attributes, misfits, call.during));
    return value;
  });
  if (!state) return { diagnostics: call.wire };
  const imported = { type_name, state: writeValue(state), private: PrivateStore.imported().encode() };
  return { imported_resources: [imported], diagnostics: call.wire };
}

/** Answers UpgradeResourceState: every step from the version that wrote the state to the present one. */
export async function upgradeResource<R, W extends R, S>(
  session: Session<R, W, S>,
  { type_name, version, raw_state }: Request<"UpgradeResourceState">,
): Promise<Response<"UpgradeResourceState">> {
  const resource = session.resource(type_name);
  const call = session.call(resource, "upgrade");
  const upgraded = await call.attempt(() => {
    const stored = decodeJson(raw_state?.json ?? new Uint8Array());
    const { value, misfits } = conformObject(resource.attributes, upgrade(resource, version, stored), {
      extra: "drop",
    });
    if (misfits.length > 0) throw new Problem(wrongShape(resource.attributes, misfits, call.during));
    return value;
  });
  return upgraded ? { upgraded_state: writeValue(upgraded), diagnostics: call.wire } : { diagnostics: call.wire };
}

function upgrade<R, W extends R, S>(resource: AnyResource<R, W, S>, version: number, stored: unknown): unknown {
  const present = resource.version ?? 0;
  if (version > present) throw new Problem(newerState(resource.type, version, present));
  let state = { ...(stored as Record<string, unknown>) };
  for (let from = version; from < present; from += 1) {
    const step = resource.upgrades?.[from];
    if (!step) throw new Error(`${resource.type} has no upgrade from version ${from}`);
    state = step(state);
  }
  return state;
}

function malformedKey<R, W extends R, S>({ type, importKey }: AnyResource<R, W, S>, id: string): Diagnostic {
  return {
    summary: `"${id}" names no ${type}`,
    detail: `A ${type} is imported by "${importKey.format}", and got ${JSON.stringify(id)}. Type: terraform import <address> '${importKey.format}' with your own names. [provider/import-key]`,
  };
}

function newerState(type: string, version: number, present: number): Diagnostic {
  return {
    summary: "The state was written by a newer provider",
    detail: `The state of this ${type} has schema version ${version}; this provider knows versions up to ${present}. Nothing was changed. Install the version of the provider that wrote it, or a later one. [provider/state-newer]`,
  };
}
