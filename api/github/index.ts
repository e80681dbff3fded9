export { githubAddressFrom, githubTokenFrom } from "./address";
export type { Github, GithubReader, RepositoryClient, RepositoryReader, Viewer } from "./client";
export { createGithub, createGithubReader } from "./create-github";
export { GithubError } from "./error";
export type { GitClient, GitReader, TreeFile } from "./git";
export type {
  ActionsCache,
  Deployment,
  HistoryReader,
  Period,
  ReleaseAsset,
  SecretAlert,
  WorkflowJob,
  WorkflowRun,
} from "./history";
export type * from "./shape";
