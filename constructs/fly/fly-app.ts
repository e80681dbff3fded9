import { TerraformStack } from "cdktf";
import { Construct, type IConstruct } from "constructs";
import type { AppShape, SecretSource } from "../../config/app-shape";
import { ConfigurationError, type Problem } from "../../config/problem";
import { appProblems } from "../../config/rule";
import { stackPrefix } from "../../config/secret-name";
import { addressesOf } from "./default";
import { type Expressible, hasExpression, known, withTokens } from "./expression";
import { renderFlyToml } from "./fly-toml";
import { groupProps } from "./group-props";
import { App, AppInventory, Certificate, IpAddress, ProcessGroup, Secrets } from "./resource";

/** What a {@link FlyApp} is to be: an app's shape, in which Terraform expressions may stand for values. */
export type FlyAppProps = Expressible<AppShape> & {
  /** Slug of the organization that owns the app. @default the provider's */
  readonly organization?: string;
};

const mark = Symbol.for("hotdash-infra/FlyApp");

/**
 * A Fly app with everything that belongs to it: process groups, addresses, certificates, secrets, and the inventory that shows what
 * nobody declared. The L1 constructs are readable afterwards, for references and escape hatches.
 *
 * Terraform works in this order: app, then secrets and addresses, then groups (a changed secret rolls them), certificates, and last the inventory.
 */
export class FlyApp extends Construct {
  /** The app itself. */
  readonly app: App;
  /** By name of the group. */
  readonly groups: Readonly<Record<string, ProcessGroup>>;
  /** By type. */
  readonly addresses: Readonly<Record<string, IpAddress>>;
  /** By hostname. */
  readonly certificates: Readonly<Record<string, Certificate>>;
  /** Absent where the app has none. */
  readonly secrets: Secrets | undefined;
  readonly inventory: AppInventory;
  /** Name and text of the file for `flyctl deploy`, where `flyToml` asks for one. */
  readonly flyToml: { readonly name: string; readonly text: string } | undefined;

  /** @throws ConfigurationError with every problem of the props at once */
  constructor(scope: Construct, id: string, props: FlyAppProps) {
    super(scope, id);
    Object.defineProperty(this, mark, { value: true });
    const shape = withTokens(props);
    refuse(shape, `stack ${TerraformStack.of(this).node.id}`);
    const sources = sourcesOf(shape, TerraformStack.of(this).node.id);

    this.app = this.named(new App(this, "app", appProps(shape, props.organization)));
    this.secrets = this.makeSecrets(shape, sources);
    this.addresses = this.makeAddresses(shape);
    this.groups = this.makeGroups(shape);
    this.certificates = this.makeCertificates(shape);
    this.inventory = this.makeInventory(shape, Object.keys(sources));
    this.flyToml = shape.flyToml === undefined ? undefined : { name: shape.flyToml, text: renderFlyToml(shape) };
  }

  /** Whether a construct is a FlyApp, also one of another copy of this package. */
  static isFlyApp(construct: IConstruct): construct is FlyApp {
    return mark in construct;
  }

  private makeSecrets({ rotationDays }: AppShape, sources: Readonly<Record<string, SecretSource>>) {
    if (Object.keys(sources).length === 0) return undefined;
    return this.named(new Secrets(this, "secrets", { app: this.app.name, sources, rotationDays }));
  }

  private makeAddresses(shape: AppShape) {
    return Object.fromEntries(
      addressesOf(shape).map((type) => {
        const address = new IpAddress(this, `address-${type}`, { app: this.app.name, type });
        return [type, this.named(address, type)];
      }),
    );
  }

  private makeGroups(shape: AppShape) {
    const reachable = Object.values(this.addresses);
    return Object.fromEntries(
      Object.entries(shape.groups).map(([name, group]) => {
        const made = new ProcessGroup(this, `group-${name}`, {
          app: this.app.name,
          group: name,
          ...groupProps(shape, group),
          ...(this.secrets && { secretsVersion: this.secrets.version }),
          ...(reachable.length > 0 && { dependsOn: reachable }),
        });
        return [name, this.named(made, name)];
      }),
    );
  }

  private makeCertificates({ certificates = [] }: AppShape) {
    const reachable = Object.values(this.addresses);
    return Object.fromEntries(
      certificates.map((hostname) => {
        const props = { app: this.app.name, hostname, ...(reachable.length > 0 && { dependsOn: reachable }) };
        return [hostname, this.named(new Certificate(this, `certificate-${hostname}`, props), hostname)];
      }),
    );
  }

  /** Last of all: whatever it finds, everything else has been applied by then. */
  private makeInventory(shape: AppShape, secrets: readonly string[]) {
    const { undeclared = {}, ignore, secretGroups = [] } = shape;
    const mounts = Object.values(shape.groups).flatMap(({ mount }) => (mount ? [mount.name] : []));
    const inventory = new AppInventory(this, "inventory", {
      app: this.app.name,
      groups: Object.keys(shape.groups),
      addresses: Object.values(this.addresses).map(({ address }) => address),
      certificates: Object.keys(this.certificates),
      secrets: [...secrets, ...secretGroups],
      volumes: [...new Set(mounts)],
      ...(Object.keys(undeclared).length > 0 && { policy: undeclared }),
      ...(ignore && { ignore }),
      dependsOn: [
        ...Object.values(this.groups),
        ...Object.values(this.certificates),
        ...Object.values(this.addresses),
        ...(this.secrets ? [this.secrets] : []),
      ],
    });
    return this.named(inventory);
  }

  /** A name that a person recognises in a plan: the path inside the stack, and what the thing is called. */
  private named<R extends { overrideLogicalId(id: string): void }>(resource: R, name?: string): R {
    const path = this.node.path.split("/").slice(TerraformStack.of(this).node.path.split("/").length);
    const words = [...path, ...(name === undefined ? [] : [name])];
    resource.overrideLogicalId(words.join("_").replace(/[^A-Za-z0-9_-]/g, "-"));
    return resource;
  }
}

function appProps(shape: AppShape, organization: string | undefined) {
  const deletionProtection = (shape.lifetime ?? "permanent") === "permanent";
  return { name: shape.app, deletionProtection, ...(organization !== undefined && { organization }) };
}

function sourcesOf({ secrets = {} }: AppShape, stack: string): Readonly<Record<string, SecretSource>> {
  return Object.fromEntries(
    Object.entries(secrets).map(([name, { env, file, command }]) => [
      name,
      env || file || command ? { env, file, command } : { env: [`${stackPrefix(stack)}${name}`] },
    ]),
  );
}

/** @throws ConfigurationError */
function refuse(shape: AppShape, where: string): void {
  const problems = [...appProblems(known(shape), where), ...expressionProblems(shape, where)];
  if (problems.length > 0) throw new ConfigurationError(problems);
}

/** Expressions where Terraform knows a value too late. */
function expressionProblems({ flyToml, regions, groups, ...rest }: AppShape, where: string): Problem[] {
  const problems: Problem[] = [];
  const report = (path: string, text: string) => problems.push({ where, path, text, id: "fly/expression" });
  if (flyToml !== undefined && hasExpression({ regions, groups, ...rest, secrets: undefined })) {
    report(
      "flyToml",
      "is written by synth, and some value of the app is an expression that only Terraform knows; leave one of the two out",
    );
  }
  if (hasExpression(regions))
    report("regions", 'name the keys of a map, so that they must be known at synth; write codes such as "ord"');
  for (const [name, { machines }] of Object.entries(groups)) {
    if (regions.length > 1 && hasExpression(machines)) {
      report(
        `groups.${name}.machines`,
        `is an expression and cannot be spread over ${regions.length} regions; write a number, or use one region`,
      );
    }
  }
  return problems;
}
