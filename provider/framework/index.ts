/**
 * What a resource or a data source is written with. It loads no network, no gRPC and no CDKTF, so that a definition can be
 * read by the provider, the constructs and the reference generator alike.
 */
export { isList, isObject, isUnknown, unknown, type Value, whollyKnown } from "../plugin/value";
export {
  type Attribute,
  type AttributeOptions,
  type Attributes,
  bool,
  type Known,
  list,
  type Mode,
  map,
  number,
  object,
  objectList,
  objectMap,
  objectSet,
  type Primitive,
  set,
  string,
  type ValueOf,
} from "./attribute";
export {
  type Context,
  type DataSourceDefinition,
  type Diagnostic,
  defineDataSource,
  defineResource,
  type Path,
  type PlanRequest,
  type PrivateState,
  Problem,
  type ResourceDefinition,
} from "./definition";
