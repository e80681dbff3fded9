import { version } from "../../package.json";
import { fly } from "../../provider/fly";
import { providerConstruct } from "../../provider/framework/l1";

/** The Fly provider in a stack; its version is this package's. */
export class FlyProvider extends providerConstruct({
  name: "fly",
  version,
  source: "registry.terraform.io/hotdash/fly",
  attributes: fly.attributes,
}) {}
