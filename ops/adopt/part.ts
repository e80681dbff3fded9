/** The resources that a `FlyApp` of a shape makes, as far as an import can find each on Fly. */
import type { AppShape } from "../../config/app-shape";
import { stackPrefix } from "../../config/secret-name";
import { groupProps } from "../../constructs/fly/group-props";
import type { Attributes, AttributeType } from "../../provider/framework/attribute";
import { conformObject } from "../../provider/framework/conform";
import { camel } from "../../provider/framework/l1/props";
import { elementType } from "../../provider/framework/shape";
import type { ObjectValue } from "../../provider/plugin/value";
import { isObject } from "../../report/difference";
import { member } from "./literal";
import type { LiveApp } from "./live-app";
import { attributesOf } from "./rehearsal";

/** One resource of a construct. */
export interface Part {
  readonly type: string;
  /** Natural key of the live object. */
  readonly id: string;
  /** How the generated program names it, after the construct: `.groups.web?`. */
  readonly handle: string;
  /** What its construct will say in Terraform's JSON. */
  readonly config: ObjectValue;
}

/** The type of the resource that makes nothing and names what nobody declared. */
export const inventory = "fly_app_inventory";

/** Everything that is there to be imported, in the order in which Terraform needs it. */
export function partsOf(shape: AppShape, live: LiveApp, options: { readonly stack: string }): readonly Part[] {
  const { app } = shape;
  const part = (type: string, rest: string | undefined, handle: string, props: object): Part => ({
    type,
    id: rest === undefined ? app : `${app}/${rest}`,
    handle,
    config: configOf(attributesOf(type), props),
  });
  const sources = Object.fromEntries(
    Object.keys(shape.secrets ?? {}).map((name) => [name, { env: [sourceName(options.stack, name)] }]),
  );
  const names = Object.keys(sources);
  const addresses = declaredAddresses(shape, live);
  const groups = Object.entries(shape.groups).filter(([name]) => live.groups.has(name));
  const app_ = { name: app, organization: live.app.organization.slug, deletionProtection: true };
  return [
    part("fly_app", undefined, ".app", app_),
    ...(names.length > 0 ? [part("fly_secrets", undefined, ".secrets?", { app, sources })] : []),
    ...addresses.map(({ type, ip }) => part("fly_ip_address", ip, `.addresses${member(type)}?`, { app, type })),
    ...groups.map(([name, group]) =>
      part("fly_process_group", name, `.groups${member(name)}?`, { app, group: name, ...groupProps(shape, group) }),
    ),
    ...(shape.certificates ?? []).map((hostname) =>
      part("fly_certificate", hostname, `.certificates${member(hostname)}?`, { app, hostname }),
    ),
    part(inventory, undefined, ".inventory", { app }),
  ];
}

/** Of each declared type the first address; a second one of a type has no words. */
export function declaredAddresses(shape: AppShape, { addresses }: LiveApp): LiveApp["addresses"] {
  const types = shape.addresses ?? ["shared_v4", "v6"];
  return types.flatMap((type) => addresses.find((one) => one.type === type) ?? []);
}

/** The env var that a secret is read from where nothing else is said. */
export const sourceName = (stack: string, name: string): string => `${stackPrefix(stack)}${name}`;

/** Props of a construct as Terraform's JSON has them: snake_case, null for what is not given. */
function configOf(attributes: Attributes, props: object): ObjectValue {
  return conformObject(attributes, wire({ kind: "object", attributes }, props)).value;
}

function wire(type: AttributeType, value: unknown): unknown {
  if (Array.isArray(value)) return value.map((one: unknown) => wire(elementType(type), one));
  if (!isObject(value)) return value;
  const entries =
    type.kind === "object"
      ? Object.entries(type.attributes).map(([name, one]) => [name, wire(one.type, value[camel(name)])] as const)
      : Object.entries(value).map(([name, one]) => [name, wire(elementType(type), one)] as const);
  return Object.fromEntries(entries);
}
