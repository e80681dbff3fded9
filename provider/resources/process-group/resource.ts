import type { Fly, FlyReader, Machine, Volume } from "../../../api/fly";
import { type Context, type Diagnostic, defineResource } from "../../framework";
import { label } from "../../rollout/change";
import { isImported, markImported } from "../imported";
import { attributes, type ProcessGroup } from "./attributes";
import { destroyGroup } from "./destroy";
import { readGroup } from "./divergence";
import { importGroup } from "./import";
import { type AppSight, look } from "./look";
import { volumeOf } from "./machine-config";
import { countsOf, isReachable } from "./member";
import { recall, remember } from "./memory";
import { planGroup } from "./plan-group";
import { type GroupSettings, reconcile } from "./reconcile";
import { validateGroup } from "./validate";
import { wantedImage } from "./wanted-image";

/** All machines of one process group of an app. */
export const processGroup = defineResource<typeof attributes, FlyReader, Fly, GroupSettings>({
  type: "fly_process_group",
  summary:
    "All machines of one process group of an app: what they run, how large they are, how many there are where, and how changes reach them.",
  attributes,
  importKey: {
    format: "app/group",
    parse(id) {
      const [app, group, ...rest] = id.split("/");
      return app && group && rest.length === 0 ? { app, group } : undefined;
    },
  },
  validate: validateGroup,
  plan: planGroup,

  async read(fly, state, context) {
    const { private: store, settings, imported } = context;
    const memory = recall(store);
    const sight = await look(fly, state, { stack: settings.stack, memory, whole: imported });
    if (!sight) return undefined;
    for (const machine of sight.members) noteHost(machine, context);
    if (imported) return takeOver(state, sight, context);
    noteGrowth(state, sight, context);
    const known = isImported(store) ? { ...state, machines: countsOf(sight.members) } : state;
    return readGroup(known, sight, wantedImage(known, { ...sight, record: memory.image }));
  },

  create: (fly, plan, context) => reconcile(fly, plan, undefined, context),
  update: (fly, plan, prior, context) => reconcile(fly, plan, prior, context),
  delete: destroyGroup,
});

/** After an import what is there is the baseline, the digest of a tag as well. */
function takeOver({ app, group }: ProcessGroup, sight: AppSight, { private: store }: Context<GroupSettings>) {
  const state = importGroup(app, group, sight);
  if (!state) return undefined;
  remember(store, sight.members, { volumes: sight.volumes, image: state.image });
  markImported(store, state.image !== undefined && state.initial_image !== undefined);
  const wanted = wantedImage(state, { ...sight, record: recall(store).image });
  return readGroup(state, sight, wanted);
}

function noteHost(machine: Machine, context: Context<GroupSettings>): void {
  if (!isReachable(machine)) context.diagnose(hostSilent(machine));
}

function noteGrowth({ mount }: ProcessGroup, { members, volumes }: AppSight, context: Context<GroupSettings>): void {
  const declared = mount?.size_gb;
  const grown = members
    .map((machine) => volumeOf(machine, volumes))
    .filter((volume): volume is Volume => declared !== undefined && volume !== undefined && volume.size_gb > declared);
  if (declared !== undefined && grown.length > 0) context.diagnose(volumesLarger(grown, declared));
}

function hostSilent(machine: Machine): Diagnostic {
  return {
    severity: "warning",
    summary: `The host of machine ${label(machine)} does not answer`,
    detail: `Fly calls it ${machine.host_status ?? "unknown"} and cannot say what the machine is now; its last known state counts. Nothing is planned for it. Look: fly machine status ${machine.id} [fly/host-unreachable]`,
  };
}

function volumesLarger(volumes: readonly Volume[], declared: number): Diagnostic {
  const sizes = volumes.map(({ id, size_gb }) => `${id} has ${size_gb} GB`).join(", ");
  return {
    severity: "warning",
    summary: "Volumes are larger than declared",
    detail: `${sizes}; declared are ${declared}. Nothing is to be done: Fly does not shrink volumes. To have the file say so, raise mount.size_gb. [fly/volume-larger]`,
    path: ["mount", "size_gb"],
  };
}
