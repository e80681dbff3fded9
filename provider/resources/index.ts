import type { Fly, FlyReader } from "../../api/fly/client";
import type { AnyDataSource, AnyResource } from "../framework/definition";
import { app } from "./app/resource";
import { appInventory } from "./app-inventory/resource";
import { certificate } from "./certificate/resource";
import { appData } from "./data/app";
import { machinesData } from "./data/machines";
import { organizationData } from "./data/organization";
import { regionsData } from "./data/regions";
import type { FlySettings } from "./fly-resource";
import { ipAddress } from "./ip-address/resource";
import { processGroup } from "./process-group/resource";
import { secrets } from "./secrets/resource";
import { volume } from "./volume/resource";

/** Everything that the provider manages; a resource is one folder and one line here. */
export const resources: readonly AnyResource<FlyReader, Fly, FlySettings>[] = [
  app,
  processGroup,
  secrets,
  volume,
  ipAddress,
  certificate,
  appInventory,
];

/** Everything that the provider only reads. */
export const dataSources: readonly AnyDataSource<FlyReader, FlySettings>[] = [
  appData,
  machinesData,
  regionsData,
  organizationData,
];
