import type { Request, Response } from "../../plugin/tfplugin6";
import { whollyKnown } from "../../plugin/value";
import { toKnownObject } from "../conform";
import { contradictions, wireSchema } from "../schema";
import type { Session } from "../session";
import { at } from "../shape";
import { validateAttributes } from "../validate";
import { readObject } from "../wire-value";

const capabilities = { plan_destroy: true, get_provider_schema_optional: true };

/** Answers GetMetadata. */
export function metadata<R, W extends R, S>({ provider }: Session<R, W, S>): Response<"GetMetadata"> {
  return {
    server_capabilities: capabilities,
    resources: provider.resources.map(({ type }) => ({ type_name: type })),
    data_sources: provider.dataSources.map(({ type }) => ({ type_name: type })),
  };
}

/** Answers GetProviderSchema, with an error for each contradiction in the declarations. */
export function schema<R, W extends R, S>({ provider }: Session<R, W, S>): Response<"GetProviderSchema"> {
  const { resources, dataSources } = provider;
  const faults = [
    ...contradictions(provider.attributes).map((fault) => `provider ${fault}`),
    ...resources.flatMap(({ type, attributes, update, plan }) =>
      contradictions(attributes, { updatable: update !== undefined, planned: plan !== undefined }).map(
        (fault) => `${type}.${fault}`,
      ),
    ),
    ...dataSources.flatMap(({ type, attributes }) =>
      contradictions(attributes).map((fault) => `data ${type}.${fault}`),
    ),
  ];
  return {
    provider: wireSchema(provider.summary, provider.attributes),
    resource_schemas: Object.fromEntries(
      resources.map((one) => [one.type, wireSchema(one.summary, one.attributes, one.version)]),
    ),
    data_source_schemas: Object.fromEntries(
      dataSources.map((one) => [one.type, wireSchema(one.summary, one.attributes)]),
    ),
    server_capabilities: capabilities,
    diagnostics: faults.map(contradiction),
  };
}

/** Answers ValidateProviderConfig. */
export function validateProvider<R, W extends R, S>(
  session: Session<R, W, S>,
  { config }: Request<"ValidateProviderConfig">,
): Response<"ValidateProviderConfig"> {
  const { attributes, name } = session.provider;
  const call = session.call({ type: `provider ${name}`, attributes }, "validation");
  const value = readObject(attributes, config);
  if (value) call.diagnose(...validateAttributes(attributes, value));
  return { diagnostics: call.wire };
}

/** Answers ConfigureProvider. A configuration that is not all known is put off; using it is then an error. */
export async function configure<R, W extends R, S>(
  session: Session<R, W, S>,
  { config }: Request<"ConfigureProvider">,
): Promise<Response<"ConfigureProvider">> {
  const { provider } = session;
  const value = readObject(provider.attributes, config);
  const undecided = Object.keys(provider.attributes).filter((name) => !whollyKnown(at(value, name)));
  session.postpone(undecided);
  if (undecided.length > 0) return {};
  const call = session.call({ type: `provider ${provider.name}`, attributes: provider.attributes }, "configuration");
  const known = toKnownObject(provider.attributes, value ?? {});
  const client = await call.attempt(() => provider.configure(known, process.env, { signal: session.closed }));
  if (client) session.configure(client);
  return { diagnostics: call.wire };
}

function contradiction(fault: string) {
  return {
    severity: "ERROR",
    summary: "The provider contradicts itself",
    detail: `${fault}. Please report this. [provider/contradiction]`,
  } as const;
}
