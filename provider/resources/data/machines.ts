import type { Machine } from "../../../api/fly/types";
import { bool, objectList, Problem, string } from "../../framework";
import { flyDataSource } from "../fly-resource";
import { groupOf } from "../machine-kind";
import { configOf, isLive, unlessGone } from "../ownership";

/** The machines of an app as they are now: what moves by itself stands here and in no resource. */
export const machinesData = flyDataSource({
  type: "fly_machines",
  summary:
    "The machines of an app as they are now. What moves by itself (state, host, address, version) is told here and in no resource.",
  attributes: {
    app: string("required", { doc: "App whose machines are read." }),
    group: string("optional", { doc: "Only machines of this process group." }),
    machines: objectList(
      "computed",
      {
        id: string("computed", { doc: "Machine id." }),
        name: string("computed", { doc: "Machine name." }),
        group: string("computed", { doc: "Process group, empty when it is of none." }),
        state: string("computed", { doc: "started, stopped, suspended, failed, ..." }),
        region: string("computed", { doc: "Region." }),
        private_ip: string("computed", {
          doc: "Address in the private network; changes when the machine moves to another host.",
        }),
        version: string("computed", { doc: "Version of the config, new with every update." }),
        image: string("computed", { doc: "Image as configured." }),
        image_digest: string("computed", { doc: "Digest of what was pulled." }),
        host_status: string("computed", { doc: "ok, unknown or unreachable." }),
        cordoned: bool("computed", { doc: "Taken out of the proxy by hand." }),
      },
      { doc: "Ordered by id; destroyed machines are left out." },
    ),
  },
  async read(fly, { app, group }) {
    const all = await unlessGone(fly.machines.list(app));
    if (!all) throw new Problem(noApp(app));
    const wanted = all.filter((one) => isLive(one) && (group === undefined || groupOf(one) === group));
    const machines = wanted.map(row).sort((a, b) => a.id.localeCompare(b.id));
    return group === undefined ? { app, machines } : { app, group, machines };
  },
});

function row(machine: Machine) {
  const {
    id,
    name,
    state,
    region,
    private_ip = "",
    instance_id,
    image_ref,
    host_status = "ok",
    cordoned = false,
  } = machine;
  return {
    id,
    name,
    group: groupOf(machine) ?? "",
    state,
    region,
    private_ip,
    version: instance_id,
    image: configOf(machine)?.image ?? "",
    image_digest: image_ref?.digest ?? "",
    host_status,
    cordoned,
  };
}

function noApp(app: string) {
  return {
    summary: `No app ${app}`,
    detail: `Fly knows no app "${app}" (404), so it has no machines to read. Check the name with: fly apps list [fly/no-app]`,
    path: ["app"],
  };
}
