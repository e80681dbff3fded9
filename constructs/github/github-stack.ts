import { GithubProvider } from "@cdktf/provider-github/lib/provider";
import { TerraformVariable } from "cdktf";
import type { Construct } from "constructs";
import { InfraStack, type InfraStackProps, type StackFile } from "../stack/infra-stack";
import { GovernedRepository } from "./governed-repository";

/** What a {@link GithubStack} needs besides its name. */
export interface GithubStackProps extends InfraStackProps {
  /** Login of the GitHub organization that owns the stack's repositories. */
  readonly owner: string;
}

const mark = Symbol.for("hotdash-infra/GithubStack");

/**
 * A Terraform state of its own, with the GitHub provider. The token is read from GITHUB_TOKEN when Terraform runs, the address of the API from
 * GITHUB_BASE_URL (default: github.com).
 */
export class GithubStack extends InfraStack {
  constructor(scope: Construct, name: string, { owner, ...rest }: GithubStackProps) {
    super(scope, name, rest);
    Object.defineProperty(this, mark, { value: true });
    const delay = new TerraformVariable(this, "github_write_delay_ms", {
      type: "number",
      default: 1000,
      description: "Pause after each write, in ms. GitHub asks for a second; a sandbox needs 1. At least 1.",
    });
    delay.overrideLogicalId("github_write_delay_ms");
    new GithubProvider(this, "github", { owner, writeDelayMs: delay.numberValue });
  }

  /** Beside the notes, how its repository is to be, under `github`. */
  override declaration(): Readonly<Record<string, unknown>> {
    const [repository] = this.repositories();
    return { ...super.declaration(), ...(repository && { github: repository.governance }) };
  }

  /** CODEOWNERS, and the protection of the default branch in words. */
  override files(): ReadonlyMap<string, StackFile> {
    return new Map(
      this.repositories().flatMap(({ files }) =>
        [...files].map(([path, text]): [string, StackFile] => [path, { text }]),
      ),
    );
  }

  /** Whether a construct is a GithubStack, also one of another copy of this package. */
  static isGithubStack(construct: object): construct is GithubStack {
    return mark in construct;
  }

  private repositories(): readonly GovernedRepository[] {
    return this.node.findAll().filter(GovernedRepository.isGovernedRepository);
  }
}
