import type { Construct } from "constructs";
import { InfraStack, type InfraStackProps, type StackFile } from "../stack/infra-stack";
import { FlyApp } from "./fly-app";
import { FlyProvider } from "./provider";

/** What a {@link FlyStack} needs besides its name. */
export interface FlyStackProps extends InfraStackProps {
  /** Slug of the Fly organization that owns the stack's apps. */
  readonly organization: string;
  /** Name of the env var that holds the Fly token. @default FLY_API_TOKEN, else FLY_ACCESS_TOKEN */
  readonly tokenEnv?: string;
}

const mark = Symbol.for("hotdash-infra/FlyStack");

/** A Terraform state of its own, with the Fly provider. */
export class FlyStack extends InfraStack {
  constructor(scope: Construct, name: string, { organization, tokenEnv, ...rest }: FlyStackProps) {
    super(scope, name, rest);
    Object.defineProperty(this, mark, { value: true });
    new FlyProvider(this, "fly", {
      organization,
      stack: name,
      localState: this.isForSandbox,
      ...(tokenEnv !== undefined && { tokenEnv }),
    });
  }

  /** Each app's `fly.toml`. */
  override files(): ReadonlyMap<string, StackFile> {
    const apps = this.node.findAll().filter(FlyApp.isFlyApp);
    return new Map(apps.flatMap(({ flyToml }) => (flyToml ? [[flyToml.name, { text: flyToml.text }]] : [])));
  }

  /** Whether a construct is a FlyStack, also one of another copy of this package. */
  static isFlyStack(construct: object): construct is FlyStack {
    return mark in construct;
  }
}
