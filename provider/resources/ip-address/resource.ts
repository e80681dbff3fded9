import { FlyError } from "../../../api/fly/error";
import type { IpAssignment } from "../../../api/fly/types";
import { regionProblem } from "../../facts/region";
import { type Diagnostic, type Known, string } from "../../framework";
import { flyResource } from "../fly-resource";
import { ownerOf, unlessGone } from "../ownership";
import { ambiguous, exists } from "../problem";
import { oneOf } from "../process-group/value-check";

const attributes = {
  id: string("computed", { doc: "The address." }),
  app: string("required", { doc: "App that owns the address.", replace: true }),
  type: string("required", {
    doc: "v4 (dedicated, costs money), v6, shared_v4 (at most one per app), private_v6 (Flycast).",
    replace: true,
    check: oneOf("v4", "v6", "shared_v4", "private_v6"),
  }),
  region: string("optional+computed", {
    doc: "Region that answers. Default: what Fly chooses, global for most.",
    replace: true,
    keep: true,
    check: (region) => {
      const problem = region === "global" ? undefined : regionProblem(region);
      return problem && `${problem} [fly/region]`;
    },
  }),
  network: string("optional+computed", {
    doc: "Private network from which a private_v6 is reached. Default: the organization's own.",
    replace: true,
    keep: true,
  }),
  address: string("computed", { doc: "The address." }),
};

type State = Known<typeof attributes>;

/** An address at which the app is reached. */
export const ipAddress = flyResource({
  type: "fly_ip_address",
  summary: "An address at which the app is reached.",
  attributes,
  importKey: {
    format: "app/address",
    parse(id) {
      const [app, address, ...rest] = id.split("/");
      return app && address && rest.length === 0 ? { app, id: address } : undefined;
    },
  },

  validate({ type, region, network }) {
    const problems: Diagnostic[] = [];
    if (type === "shared_v4" && typeof region === "string") problems.push(noRegion);
    if (typeof type === "string" && type !== "private_v6" && typeof network === "string")
      problems.push(noNetwork(type));
    return problems;
  },

  async read(fly, { app, id }) {
    const found = (await unlessGone(fly.addresses.list(app)))?.find(({ ip }) => ip === id);
    return found && toState(app, found);
  },

  async create(fly, { app, type, region, network }, { settings }) {
    const before = await fly.addresses.list(app);
    const shared = type === "shared_v4" ? before.find((one) => typeOf(one) === type) : undefined;
    if (shared) {
      if ((await ownerOf(fly, app, settings.stack)) === "other") {
        throw exists(`address ${shared.ip}`, app, `${app}/${shared.ip}`, "fly_ip_address");
      }
      return toState(app, shared);
    }
    const made = await fly.addresses.allocate(app, { type, region, network }).catch(async (error: unknown) => {
      if (!(error instanceof FlyError) || !error.ambiguous) throw error;
      const now = (await fly.addresses.list(app)).filter(
        (one) => typeOf(one) === type && !before.some(({ ip }) => ip === one.ip),
      );
      const [only] = now;
      if (only && now.length === 1) return only;
      throw ambiguous(
        `address of type ${type}`,
        now.map(({ ip }) => ip),
        error,
      );
    });
    return toState(app, made);
  },

  async delete(fly, { app, id = "" }) {
    await fly.addresses.release(app, id);
  },
});

/** Fly's listing has no type; egress addresses are of none that can be declared here. */
export function typeOf({ ip, shared, egress }: IpAssignment): "v4" | "v6" | "shared_v4" | "private_v6" | "egress" {
  if (egress) return "egress";
  if (ip.includes(".")) return shared ? "shared_v4" : "v4";
  return ip.toLowerCase().startsWith("fdaa:") ? "private_v6" : "v6";
}

function toState(app: string, found: IpAssignment): State {
  const { ip, region, network } = found;
  return { id: ip, app, type: typeOf(found), region: region || "global", network: network?.name ?? "", address: ip };
}

const noRegion: Diagnostic = {
  summary: "A shared address has no region",
  detail: "A shared_v4 is answered everywhere. Leave out region, or take type v4. [fly/address-region]",
  path: ["region"],
};

function noNetwork(type: string): Diagnostic {
  return {
    summary: "Only a private address has a network",
    detail: `Type ${type} is public. Leave out network, or take type private_v6. [fly/address-network]`,
    path: ["network"],
  };
}
