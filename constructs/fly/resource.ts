import { l1, l1Data } from "../../provider/framework/l1";
import { app } from "../../provider/resources/app/resource";
import { appInventory } from "../../provider/resources/app-inventory/resource";
import { certificate } from "../../provider/resources/certificate/resource";
import { appData } from "../../provider/resources/data/app";
import { machinesData } from "../../provider/resources/data/machines";
import { organizationData } from "../../provider/resources/data/organization";
import { regionsData } from "../../provider/resources/data/regions";
import { ipAddress } from "../../provider/resources/ip-address/resource";
import { processGroup } from "../../provider/resources/process-group/resource";
import { secrets } from "../../provider/resources/secrets/resource";
import { volume } from "../../provider/resources/volume/resource";

/** `fly_app`: the app itself, empty. */
export class App extends l1(app) {}
/** `fly_app_inventory`: what an app holds and nobody declared. */
export class AppInventory extends l1(appInventory) {}
/** `fly_certificate`: HTTPS for a hostname. */
export class Certificate extends l1(certificate) {}
/** `fly_ip_address`: an address of an app. */
export class IpAddress extends l1(ipAddress) {}
/** `fly_process_group`: all machines of one group of an app. */
export class ProcessGroup extends l1(processGroup) {}
/** `fly_secrets`: the secrets of an app, by name and source. */
export class Secrets extends l1(secrets) {}
/** `fly_volume`: a volume that no process group makes for itself. */
export class Volume extends l1(volume) {}

/** Data source `fly_app`. */
export class DataApp extends l1Data(appData) {}
/** Data source `fly_machines`: what moves by itself (state, private address) is read here. */
export class DataMachines extends l1Data(machinesData) {}
/** Data source `fly_organization`. */
export class DataOrganization extends l1Data(organizationData) {}
/** Data source `fly_regions`. */
export class DataRegions extends l1Data(regionsData) {}
