/**
 * What this package gives to a CDKTF program: Fly apps and governed repositories as constructs, and a synth that leaves stack directories which work by
 * themselves. A program composes `FlyStack`s of `FlyApp`s and `GithubStack`s of a `GovernedRepository`, and hands itself to `program`.
 */
export {
  type AppShape,
  type CheckShape,
  type ConcurrencyShape,
  type GroupShape,
  type IgnoredObject,
  type ImageShape,
  type MountShape,
  managedOutside,
  type PortShape,
  pinned,
  type SecretSource,
  type ServiceShape,
  type UndeclaredPolicy,
} from "./config/app-shape";
export { ConfigurationError, type Problem } from "./config/problem";
export type { RepositoryShape } from "./config/repository-shape";
export type { State } from "./config/schema";
export { FlyApp, type FlyAppProps } from "./constructs/fly/fly-app";
export { FlyStack, type FlyStackProps } from "./constructs/fly/fly-stack";
export { renderFlyToml } from "./constructs/fly/fly-toml";
export { FlyProvider } from "./constructs/fly/provider";
/** The L1 constructs, one for each resource and data source, named as in Terraform without `fly_`. */
export * as fly from "./constructs/fly/resource";
export { GithubStack, type GithubStackProps } from "./constructs/github/github-stack";
export { GovernedRepository, type GovernedRepositoryProps } from "./constructs/github/governed-repository";
export type { RepositoryFile } from "./constructs/repository-file/repository-file";
export {
  RepositoryFileStack,
  type RepositoryFileStackProps,
} from "./constructs/repository-file/repository-file-stack";
/** Workflow files as values: jobs, steps, expressions by trust, pinned actions, and their rendering. */
export * as workflow from "./constructs/workflows/model";
export { program } from "./synth/program";
export { synthesize } from "./synth/synthesize";
