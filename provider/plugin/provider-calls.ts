import { GrpcError, grpcStatus } from "./grpc";
import type { ProviderService } from "./service";
import { methods } from "./tfplugin6";
import { type Decoded, decode, type Encodable, encode, type Message } from "./wire";

/**
 * Answers one call of the service `tfplugin6.Provider`, by its name, with the provider of the session.
 *
 * @throws GrpcError UNIMPLEMENTED for a call that this protocol version does not have or we do not offer
 */
export function callProvider(name: string, service: ProviderService, request: Uint8Array): Promise<Uint8Array> {
  const call = calls.get(name);
  if (!call) throw new GrpcError(grpcStatus.unimplemented, `this provider does not offer ${name}`);
  return call(service, request);
}

const { GetMetadata, GetProviderSchema, GetFunctions, StopProvider } = methods;
const { ValidateProviderConfig, ConfigureProvider, ValidateResourceConfig, ValidateDataResourceConfig } = methods;
const { UpgradeResourceState, ReadResource, PlanResourceChange, ApplyResourceChange } = methods;
const { ImportResourceState, MoveResourceState, ReadDataSource } = methods;

type Call = (service: ProviderService, request: Uint8Array) => Promise<Uint8Array>;

const calls = new Map<string, Call>([
  ["GetMetadata", bind(GetMetadata, (service, request) => service.getMetadata(request))],
  ["GetProviderSchema", bind(GetProviderSchema, (service, request) => service.getProviderSchema(request))],
  [
    "ValidateProviderConfig",
    bind(ValidateProviderConfig, (service, request) => service.validateProviderConfig(request)),
  ],
  ["ConfigureProvider", bind(ConfigureProvider, (service, request) => service.configureProvider(request))],
  [
    "ValidateResourceConfig",
    bind(ValidateResourceConfig, (service, request) => service.validateResourceConfig(request)),
  ],
  [
    "ValidateDataResourceConfig",
    bind(ValidateDataResourceConfig, (service, request) => service.validateDataResourceConfig(request)),
  ],
  ["UpgradeResourceState", bind(UpgradeResourceState, (service, request) => service.upgradeResourceState(request))],
  ["ReadResource", bind(ReadResource, (service, request) => service.readResource(request))],
  ["PlanResourceChange", bind(PlanResourceChange, (service, request) => service.planResourceChange(request))],
  ["ApplyResourceChange", bind(ApplyResourceChange, (service, request) => service.applyResourceChange(request))],
  ["ImportResourceState", bind(ImportResourceState, (service, request) => service.importResourceState(request))],
  ["MoveResourceState", bind(MoveResourceState, (service, request) => service.moveResourceState(request))],
  ["ReadDataSource", bind(ReadDataSource, (service, request) => service.readDataSource(request))],
  ["GetFunctions", bind(GetFunctions, (service, request) => service.getFunctions(request))],
  ["StopProvider", bind(StopProvider, (service, request) => service.stopProvider(request))],
]);

function bind<Request extends Message, Response extends Message>(
  method: { readonly request: Request; readonly response: Response },
  run: (service: ProviderService, request: Decoded<Request>) => Promise<Encodable<Response>>,
): Call {
  return async (service, request) => encode(method.response, await run(service, decode(method.request, request)));
}
