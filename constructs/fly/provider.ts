import { version } from "../../package.json";
import { providerConstruct } from "../../provider/framework/l1";
import { settings } from "../../provider/resources/settings";

/** The Fly provider in a stack; its version is this package's. */
export class FlyProvider extends providerConstruct({
  name: "fly",
  version,
  source: "registry.terraform.io/hotdash/fly",
  attributes: settings,
}) {}
