import type { Fly, FlyReader } from "../../api/fly/client";
import {
  type Attributes,
  type Context,
  type DataSourceDefinition,
  defineDataSource,
  defineResource,
  type ResourceDefinition,
} from "../framework";

/** The provider's configuration, as every handler of every resource gets it. */
export interface FlySettings {
  /** Slug; what an app takes that names no organization. */
  readonly organization?: string;
  /** Name of the Terraform state. Machines carry it as metadata `infra_stack`, by which a repeated create finds its own. */
  readonly stack?: string;
  /** Env vars, from which sources of secrets are taken. */
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Milliseconds since 1970. */
  now(): number;
}

export type FlyContext = Context<FlySettings>;

/** `defineResource` with Fly's clients and settings. */
export const flyResource = <S extends Attributes>(definition: ResourceDefinition<S, FlyReader, Fly, FlySettings>) =>
  defineResource(definition);

/** `defineDataSource` with Fly's client and settings. */
export const flyDataSource = <S extends Attributes>(definition: DataSourceDefinition<S, FlyReader, FlySettings>) =>
  defineDataSource(definition);
