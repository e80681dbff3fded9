/** CDKTF constructs from definitions: the only place of the framework that knows CDKTF. */
import {
  ImportableResource,
  TerraformDataSource,
  type TerraformMetaArguments,
  TerraformProvider,
  TerraformResource,
} from "cdktf";
import type { Construct } from "constructs";
import type { Attributes } from "../attribute";
import { propsProblems } from "./check";
import { camel, type Props, type References } from "./props";
import { defineReferences } from "./reference";
import { synthesize } from "./synthesis";

export type { Props, References } from "./props";

/** What a construct is made from; a resource or data source definition has it. */
export interface Declared<S extends Attributes> {
  readonly type: string;
  readonly attributes: S;
}

/** Props of an L1 construct: the attributes that a user may give, and Terraform's meta-arguments. */
type L1Props<S extends Attributes> = Props<S> & TerraformMetaArguments;

/** The class of an L1 construct. */
export interface L1Class<S extends Attributes, Base> {
  readonly tfResourceType: string;
  /** @throws Error that lists every problem of literal props; Tokens are checked by the provider */
  new (scope: Construct, id: string, props: L1Props<S>): Base & References<S>;
}

/** The class of a resource's L1 construct. */
export interface L1ResourceClass<S extends Attributes> extends L1Class<S, TerraformResource> {
  /** A construct that renders an import block for an object that exists, by its natural key. */
  generateConfigForImport(
    scope: Construct,
    importToId: string,
    importFromId: string,
    provider?: TerraformProvider,
  ): ImportableResource;
}

/** The L1 construct of a resource: props and references in camelCase, typed by its attributes. */
export function l1<S extends Attributes>({ type, attributes }: Declared<S>): L1ResourceClass<S> {
  class Resource extends TerraformResource {
    static readonly tfResourceType = type;
    static generateConfigForImport(scope: Construct, id: string, importId: string, provider?: TerraformProvider) {
      return new ImportableResource(scope, id, {
        terraformResourceType: type,
        importId,
        ...(provider && { provider }),
      });
    }

    readonly #given: object;

    constructor(scope: Construct, id: string, props: L1Props<S>) {
      super(scope, id, elementConfig(type, props));
      this.#given = checked(type, this.node.path, attributes, props);
    }

    protected override synthesizeAttributes() {
      return synthesize(attributes, this.#given);
    }
  }
  addReferences(Resource.prototype, type, attributes);
  return Resource as unknown as L1ResourceClass<S>;
}

/** The L1 construct of a data source. */
export function l1Data<S extends Attributes>({ type, attributes }: Declared<S>): L1Class<S, TerraformDataSource> {
  class DataSource extends TerraformDataSource {
    static readonly tfResourceType = type;
    readonly #given: object;

    constructor(scope: Construct, id: string, props: L1Props<S>) {
      super(scope, id, elementConfig(type, props));
      this.#given = checked(type, this.node.path, attributes, props);
    }

    protected override synthesizeAttributes() {
      return synthesize(attributes, this.#given);
    }
  }
  addReferences(DataSource.prototype, type, attributes);
  return DataSource as unknown as L1Class<S, TerraformDataSource>;
}

/** What the construct of a provider is made from. */
export interface DeclaredProvider<S extends Attributes> {
  /** Local name, which the types of its resources begin with: "fly". */
  readonly name: string;
  /** Exact version that stacks require. */
  readonly version: string;
  /** Address without the host: "hotdash/fly". */
  readonly source: string;
  readonly attributes: S;
}

/** The class of a provider's construct. */
export interface ProviderClass<S extends Attributes> {
  readonly tfResourceType: string;
  new (scope: Construct, id: string, props?: Props<S> & { readonly alias?: string }): TerraformProvider;
}

/** The construct of a provider. */
export function providerConstruct<S extends Attributes>(declared: DeclaredProvider<S>): ProviderClass<S> {
  const { name, version, source, attributes } = declared;
  return class extends TerraformProvider {
    static readonly tfResourceType = name;
    readonly #given: object;
    #alias: string | undefined;

    constructor(scope: Construct, id: string, props?: Props<S> & { readonly alias?: string }) {
      super(scope, id, {
        terraformResourceType: name,
        terraformGeneratorMetadata: { providerName: name, providerVersion: version },
        terraformProviderSource: source,
      });
      const { alias, ...given }: { readonly alias?: string } = props ?? {};
      this.#alias = alias;
      this.#given = checked(`provider ${name}`, this.node.path, attributes, given);
    }

    override get alias() {
      return this.#alias;
    }

    override set alias(alias: string | undefined) {
      this.#alias = alias;
    }

    protected override synthesizeAttributes() {
      return synthesize(attributes, this.#given);
    }
  };
}

const metaArguments = ["dependsOn", "count", "provider", "lifecycle", "forEach", "provisioners", "connection"] as const;

function elementConfig(type: string, props: TerraformMetaArguments) {
  const given = metaArguments.filter((name) => props[name] !== undefined);
  return {
    terraformResourceType: type,
    terraformGeneratorMetadata: { providerName: type.slice(0, type.indexOf("_")) },
    ...Object.fromEntries(given.map((name) => [name, props[name]])),
  };
}

/** The props without meta-arguments. */
function checked(type: string, path: string, attributes: Attributes, props: object): object {
  const meta = new Set<string>(metaArguments);
  const own = Object.fromEntries(Object.entries(props).filter(([name]) => !meta.has(name)));
  const problems = propsProblems(attributes, own);
  if (problems.length === 0) return own;
  const count = `${problems.length} problem${problems.length === 1 ? "" : "s"} in the props of ${type} at ${path}:`;
  throw new Error(`${[count, ...problems.map((problem) => `  ${problem}`)].join("\n")}\n[provider/props]`);
}

function addReferences(prototype: TerraformResource | TerraformDataSource, type: string, attributes: Attributes): void {
  const meta = new Set<string>(metaArguments);
  const taken = Object.keys(attributes).filter((name) => camel(name) in prototype || meta.has(camel(name)));
  if (taken.length > 0) throw new Error(`${type}: a CDKTF construct has a "${taken.join('", "')}" of its own`);
  defineReferences(prototype, attributes, (owner) => (path) => {
    if (owner instanceof TerraformResource || owner instanceof TerraformDataSource)
      return owner.interpolationForAttribute(path);
    throw new Error(`${type}: a reference is read from the construct itself`);
  });
}
