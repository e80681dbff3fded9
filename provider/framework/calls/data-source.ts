import type { Request, Response } from "../../plugin/tfplugin6";
import { conformObject, toKnownObject } from "../conform";
import { Problem } from "../definition";
import { wrongShape } from "../diagnostic";
import { PrivateStore } from "../private-state";
import type { Session } from "../session";

import { respell } from "../spelling";
import { validateAttributes } from "../validate";
import { readObject, writeValue } from "../wire-value";

/** Answers ValidateDataResourceConfig. */
export function validateDataSource<R, W extends R, S>(
  session: Session<R, W, S>,
  { type_name, config }: Request<"ValidateDataResourceConfig">,
): Response<"ValidateDataResourceConfig"> {
  const source = session.dataSource(type_name);
  const call = session.call(source, "validation");
  const value = readObject(source.attributes, config);
  if (value) call.diagnose(...validateAttributes(source.attributes, value));
  return { diagnostics: call.wire };
}

/** Answers ReadDataSource. Terraform calls it only once the configuration is all known. */
export async function readDataSource<R, W extends R, S>(
  session: Session<R, W, S>,
  { type_name, config }: Request<"ReadDataSource">,
): Promise<Response<"ReadDataSource">> {
  const source = session.dataSource(type_name);
  const { attributes } = source;
  const configured = readObject(attributes, config) ?? {};
  const known = toKnownObject(attributes, configured);
  const call = session.call(source, "read", known);
  const state = await call.attempt(async () => {
    const { reader, settings } = session.configured;
    const found = await source.read(reader, known, call.context(settings, PrivateStore.decode(undefined)));
    const { value: fresh, misfits } = conformObject(attributes, found);
    if (misfits.length > 0) throw new Problem(wrongShape(attributes, misfits, call.during));
    return respell(attributes, fresh, configured);
  });
  return state ? { state: writeValue(state), diagnostics: call.wire } : { diagnostics: call.wire };
}
