import { TerraformStack } from "cdktf";
import type { Construct } from "constructs";
import type { State } from "../../config/schema";
import { FlyProvider } from "./provider";
import { keepState } from "./state-backend";

/** What a {@link FlyStack} needs besides its name. */
export interface FlyStackProps {
  /** Slug of the Fly organization that owns the stack's apps. */
  readonly organization: string;
  /** @default a file of the checkout, and then only a sandbox on this machine is accepted */
  readonly state?: State;
  /** Name of the env var that holds the Fly token. @default FLY_API_TOKEN, else FLY_ACCESS_TOKEN */
  readonly tokenEnv?: string;
  /** What is wanted and Fly cannot hold; `infra plan` prints each. @default none */
  readonly notes?: readonly string[];
}

const mark = Symbol.for("hotdash-infra/FlyStack");

/** A Terraform state of its own, with the Fly provider. */
export class FlyStack extends TerraformStack {
  readonly notes: readonly string[];

  constructor(scope: Construct, name: string, { organization, state, tokenEnv, notes = [] }: FlyStackProps) {
    super(scope, name);
    Object.defineProperty(this, mark, { value: true });
    this.notes = notes;
    const kept = state ?? { backend: "local", allowLocal: false };
    new FlyProvider(this, "fly", {
      organization,
      stack: name,
      localState: kept.backend === "local" && !kept.allowLocal,
      ...(tokenEnv !== undefined && { tokenEnv }),
    });
    keepState(this, kept);
  }

  /** Whether a construct is a FlyStack, also one of another copy of this package. */
  static isFlyStack(construct: Construct): construct is FlyStack {
    return mark in construct;
  }
}
