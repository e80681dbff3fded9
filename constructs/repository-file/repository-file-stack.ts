import { RepositoryFile as FileResource } from "@cdktf/provider-github/lib/repository-file";
import type { Construct } from "constructs";
import { ConfigurationError, type Problem } from "../../config/problem";
import { type RepositoryFiles, repositoryFolder, workflowFolder } from "../../config/repository-file-shape";
import { template } from "../github/expression";
import { GithubStack, type GithubStackProps } from "../github/github-stack";
import { terraformData } from "../github/terraform-data";
import type { StackFile } from "../stack/infra-stack";
import { findings } from "./live-files";
import { blobSha, type RepositoryFile } from "./repository-file";

/** What a {@link RepositoryFileStack} needs besides its name. */
export interface RepositoryFileStackProps extends GithubStackProps {
  /** Name of the repository. */
  readonly repository: string;
  /** The branch that holds the files: the default branch. */
  readonly branch: string;
  readonly files: readonly RepositoryFile[];
  /** "propose": `infra apply` opens a pull request. "direct": Terraform commits to the branch. @default "propose" */
  readonly write?: "propose" | "direct";
  /** Names of files in `.github/workflows` that are not ours and are let be. @default none */
  readonly ignored?: readonly string[];
}

/**
 * A Terraform state that keeps files of a repository as declared: a plan names each that is missing, differs or has another mode, and each
 * workflow file that nobody declared.
 */
export class RepositoryFileStack extends GithubStack {
  private readonly wanted: RepositoryFiles;
  private readonly texts: ReadonlyMap<string, StackFile>;

  /** @throws ConfigurationError for two files of one path */
  constructor(scope: Construct, name: string, props: RepositoryFileStackProps) {
    super(scope, name, props);
    const { owner, repository, branch, files, write = "propose", ignored = [] } = props;
    refuseTwins(name, files);
    this.texts = new Map(files.map(({ path, ...file }) => [`${repositoryFolder}/${path}`, file]));
    this.wanted = {
      owner,
      name: repository,
      branch,
      write,
      files: files
        .map(({ path, text, executable = false }) => ({ path, sha: blobSha(text), executable }))
        .sort((a, b) => (a.path < b.path ? -1 : 1)),
      ignored: ignored.map((file) => workflowFolder + file),
    };
    this.addGate(write === "direct" ? files.map((file) => this.keep(file)) : []);
  }

  override declaration(): Readonly<Record<string, unknown>> {
    return { ...super.declaration(), repository: this.wanted };
  }

  /** Texts of the files, for who proposes them. */
  override files(): ReadonlyMap<string, StackFile> {
    return this.texts;
  }

  /** One commit for the file; what GitHub's contents API does not know, the mode, stays as it is. */
  private keep({ path, text }: RepositoryFile): FileResource {
    const { name, branch } = this.wanted;
    const file = new FileResource(this, path, {
      repository: name,
      branch,
      file: path,
      // What begins a template in Terraform is doubled; workflows are full of it.
      content: text.replaceAll("${", () => "$${").replaceAll("%{", "%%{"),
      commitMessage: `Write ${path} [skip ci]`,
      overwriteOnCreate: true,
    });
    file.overrideLogicalId(path.replaceAll(/[^A-Za-z0-9_-]+/g, "_"));
    return file;
  }

  /**
   * A resource that exists while something is wrong, and is never made: a plan shows it with what it found and exits 2, an apply ends with the
   * remedy. Nothing of it is in the state, so that a plan is empty as soon as the files are as declared.
   */
  private addGate(resources: FileResource[]): void {
    const { owner, name, write } = this.wanted;
    const isDirect = write === "direct";
    this.addOverride("locals.findings", template(findings(this, this.wanted, isDirect ? "undeclared" : "all")));
    const next = isDirect
      ? "The rest was applied."
      : `Propose the declared ones by a pull request: npx infra apply ${this.node.id}`;
    const lines = template(`join("\\n", [for path, text in local.findings : "  \${path} \${text}"])`);
    const gate = terraformData(this, "drift_gate", {
      input: "local.findings",
      dependsOn: resources,
      lifecycle: {
        precondition: [
          {
            // Not known at plan, so that the plan shows the findings and the apply does the rest first.
            condition: template(`length(local.findings) == 0 ? true : timestamp() == "never"`),
            errorMessage: `Files of ${owner}/${name} are not as declared, and Terraform does not change them:\n${lines}\n${next} [github/file-drift]`,
          },
        ],
      },
    });
    gate.addOverride("count", template("length(local.findings) == 0 ? 0 : 1"));
  }
}

function refuseTwins(stack: string, files: readonly RepositoryFile[]): void {
  const paths = files.map(({ path }) => path);
  const twins = [...new Set(paths.filter((path, index) => paths.indexOf(path) !== index))];
  if (twins.length === 0) return;
  const problems = twins.map(
    (path): Problem => ({
      where: `stack ${stack}`,
      path,
      text: "is written by two; a file of the repository has one source. Rename or remove one",
      id: "github/file-twice",
    }),
  );
  throw new ConfigurationError(problems);
}
