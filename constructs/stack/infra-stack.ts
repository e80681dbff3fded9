import { TerraformStack } from "cdktf";
import type { Construct } from "constructs";
import type { Guard } from "../../config/guard-shape";
import type { Operation } from "../../config/operation-shape";
import type { Problem } from "../../config/problem";
import type { State } from "../../config/schema";
import { keepState } from "./state-backend";

/** What an {@link InfraStack} needs besides its name. */
export interface InfraStackProps {
  /** @default a file of the checkout, and then only a sandbox on this machine is accepted */
  readonly state?: State;
  /** Folder whose files may hold values of secrets, such as "vault/occ/**"; never committed, may be absent. @default none */
  readonly vault?: string;
  /** Paths that a rollback watches, versions to keep ready, budgets. @default what the commands say of each */
  readonly operation?: Operation;
  /** What an apply has to ask first, for an environment that customers use. @default nothing but a yes */
  readonly guard?: Guard;
  /** What is wanted and the platform cannot hold; `infra plan` prints each. @default none */
  readonly notes?: readonly string[];
  /** What a person has still to decide; `infra check` fails with each. @default none */
  readonly undecided?: readonly Problem[];
}

/** A file that a stack writes for people or for other tools. */
export interface StackFile {
  readonly text: string;
  /** @default false */
  readonly executable?: boolean;
}

const mark = Symbol.for("hotdash-infra/InfraStack");

/** A Terraform state of its own, and what synth leaves beside it: its line of `infra.json`, and files. */
export class InfraStack extends TerraformStack {
  readonly notes: readonly string[];
  readonly undecided: readonly Problem[];
  private readonly state: State;
  private readonly vault: string | undefined;
  private readonly operation: Operation | undefined;
  private readonly guard: Guard | undefined;

  constructor(
    scope: Construct,
    name: string,
    { state, vault, operation, guard, notes = [], undecided = [] }: InfraStackProps,
  ) {
    super(scope, name);
    Object.defineProperty(this, mark, { value: true });
    this.notes = notes;
    this.undecided = undecided;
    this.vault = vault;
    this.operation = operation;
    this.guard = guard;
    this.state = state ?? { backend: "local", allowLocal: false };
    keepState(this, this.state);
  }

  /** Whether the state is a file of this checkout and only a sandbox on this machine is accepted. */
  get isForSandbox(): boolean {
    return this.state.backend === "local" && !this.state.allowLocal;
  }

  /** What `cdktf.out/files/infra.json` says under `stacks.<name>`: plain JSON, no token, no secret. */
  declaration(): Readonly<Record<string, unknown>> {
    return {
      notes: this.notes,
      ...(this.vault !== undefined && { vault: this.vault }),
      ...(this.operation && { operation: this.operation }),
      ...(this.guard && { guard: this.guard }),
      ...(this.undecided.length > 0 && { undecided: this.undecided }),
    };
  }

  /** Files below `cdktf.out/files/`, by path with `/`. */
  files(): ReadonlyMap<string, StackFile> {
    return new Map();
  }

  /** Whether a construct is an InfraStack, also one of another copy of this package. */
  static isInfraStack(construct: object): construct is InfraStack {
    return mark in construct;
  }
}
