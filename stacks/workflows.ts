import type { App } from "cdktf";
import type { Configuration } from "../config";
import { fileNotes } from "../constructs/repository-file/note";
import { RepositoryFileStack } from "../constructs/repository-file/repository-file-stack";
import { repositoryFiles } from "../constructs/repository-file/repository-files";

/** Stack `workflows`: workflow files, scripts and policies of the managed repository. */
export function workflows(app: App, config: Configuration): void {
  const { repository, delivery, state } = config;
  const files = repositoryFiles(config);
  new RepositoryFileStack(app, "workflows", {
    owner: repository.owner,
    repository: repository.name,
    branch: repository.defaultBranch,
    write: delivery.write,
    ignored: delivery.ignored,
    files,
    notes: fileNotes(config, files),
    state,
  });
}
