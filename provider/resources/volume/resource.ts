import { FlyError } from "../../../api/fly/error";
import type { Volume } from "../../../api/fly/types";
import { regionProblem } from "../../facts/region";
import { bool, type Diagnostic, type Known, number, Problem, string } from "../../framework";
import { flyResource } from "../fly-resource";
import { isKept, unlessGone } from "../ownership";
import { ambiguous } from "../problem";
import { wholeNumber } from "../process-group/value-check";

const attributes = {
  id: string("computed", { doc: "Volume id, such as vol_4xk1." }),
  app: string("required", { doc: "App that owns the volume.", replace: true }),
  name: string("required", {
    doc: "Name: letters, digits and underscores, at most 30. Several volumes of an app may share it; they are then a pool.",
    replace: true,
    check: (name) =>
      /^[a-zA-Z0-9_]{1,30}$/.test(name)
        ? undefined
        : `"${name}" is not a volume name; use letters, digits and underscores, at most 30 [fly/volume-name]`,
  }),
  region: string("required", {
    doc: "Region of the one host that holds the volume, and of the machine that mounts it.",
    replace: true,
    check: (region) => {
      const problem = regionProblem(region);
      return problem && `${problem} [fly/region]`;
    },
  }),
  size_gb: number("optional+computed", {
    doc: "Size in GB. Grows in place, never shrinks; a live volume that Fly has extended is no difference. Default 1.",
    default: 1,
    check: wholeNumber(1, 500),
  }),
  encrypted: bool("optional+computed", { doc: "Encrypted at rest. Default true.", default: true, replace: true }),
  snapshot_retention: number("optional+computed", {
    doc: "Days for which a snapshot is kept, 1 to 60. Default 5.",
    default: 5,
    check: wholeNumber(1, 60),
  }),
  auto_backup_enabled: bool("optional+computed", { doc: "A snapshot every day. Default true.", default: true }),
  snapshot_id: string("optional+computed", {
    doc: 'Snapshot (vs_...) that a new volume is filled from. Fly does not tell it afterwards, so that a later change does nothing to a volume that exists. Default: "", an empty volume.',
    default: "",
    equal: () => true,
  }),
};

type State = Known<typeof attributes>;

/** A slice of one host's disk that no process group owns. */
export const volume = flyResource({
  type: "fly_volume",
  summary:
    "A slice of one host's disk, in one region, for one machine at a time. Those that a process group mounts are made by the group.",
  attributes,
  importKey: {
    format: "app/vol_id",
    parse(id) {
      const [app, volumeId, ...rest] = id.split("/");
      return app && volumeId?.startsWith("vol_") && rest.length === 0 ? { app, id: volumeId } : undefined;
    },
  },

  async plan(_fly, { action, prior, planned }) {
    const before = prior?.size_gb;
    const after = planned?.size_gb;
    const grows = typeof before !== "number" || typeof after !== "number" || after >= before;
    const moves = ["app", "name", "region", "encrypted"].some((name) => planned?.[name] !== prior?.[name]);
    if (action === "update" && !grows && !moves) throw new Problem(cannotShrink(String(prior?.id), before, after));
  },

  async read(fly, state, context) {
    const all = await unlessGone(fly.volumes.list(state.app));
    // A listing may lag behind: what it leaves out is asked for by its id before it is given up.
    const listed = all?.find(({ id }) => id === state.id);
    const found = listed ?? (all && (await fly.volumes.find(state.app, state.id ?? "")));
    if (!found || !isKept(found)) return undefined;
    const declared = state.size_gb ?? found.size_gb;
    if (found.size_gb > declared) context.diagnose(larger(found, declared));
    return { ...toState(state.app, found, state.snapshot_id), size_gb: Math.min(declared, found.size_gb) };
  },

  async create(fly, { app, name, region, size_gb, encrypted, snapshot_retention, auto_backup_enabled, snapshot_id }) {
    const before = new Set((await fly.volumes.list(app)).map(({ id }) => id));
    const body = { name, region, size_gb, encrypted, snapshot_retention, auto_backup_enabled };
    const made = await fly.volumes.create(app, snapshot_id ? { ...body, snapshot_id } : body).catch(async (error) => {
      if (!(error instanceof FlyError) || !error.ambiguous) throw error;
      const now = (await fly.volumes.list(app)).filter(
        (one) => isKept(one) && !before.has(one.id) && one.name === name && one.region === region,
      );
      const [only] = now;
      if (only && now.length === 1) return only;
      throw ambiguous(
        `volume ${name}`,
        now.map(({ id }) => id),
        error,
      );
    });
    return toState(app, made, snapshot_id);
  },

  async update(fly, plan, { id = "" }, context) {
    const { app, size_gb = 1, snapshot_retention, auto_backup_enabled } = plan;
    const live = await fly.volumes.find(app, id);
    if (live?.snapshot_retention !== snapshot_retention || live?.auto_backup_enabled !== auto_backup_enabled) {
      await fly.volumes.update(app, id, { snapshot_retention, auto_backup_enabled });
    }
    if ((live?.size_gb ?? 0) < size_gb) {
      const { needs_restart } = await fly.volumes.extend(app, id, size_gb);
      if (needs_restart) context.diagnose(needsRestart(app, id, live?.attached_machine_id));
    }
    return plan;
  },

  async delete(fly, { app, id = "" }) {
    const live = await fly.volumes.find(app, id);
    if (live?.attached_machine_id) throw new Problem(attached(app, id, live.attached_machine_id));
    if (live && isKept(live)) await fly.volumes.delete(app, id);
  },
});

function toState(app: string, found: Volume, snapshot_id: string | undefined): State {
  const { id, name, region, size_gb, encrypted, snapshot_retention, auto_backup_enabled } = found;
  return {
    id,
    app,
    name,
    region,
    size_gb,
    encrypted,
    snapshot_retention,
    auto_backup_enabled,
    snapshot_id: snapshot_id ?? "",
  };
}

function cannotShrink(id: string, before: number, after: number): Diagnostic {
  return {
    summary: "Volume cannot shrink",
    detail:
      `The configuration says ${after} GB, and ${before} GB were applied to volume ${id}. Fly extends volumes, it does not shrink them. ` +
      `Set size_gb to ${before} or more, or make a new volume and move the data. [fly/volume-shrink]`,
    path: ["size_gb"],
  };
}

function larger({ id, size_gb }: Volume, declared: number): Diagnostic {
  return {
    severity: "warning",
    summary: `Volume ${id} is larger than declared`,
    detail: `It has ${size_gb} GB, declared are ${declared}. Nothing is to be done: Fly does not shrink volumes. To have the file say so: size_gb = ${size_gb}. [fly/volume-larger]`,
    path: ["size_gb"],
  };
}

function needsRestart(app: string, id: string, machine: string | null | undefined): Diagnostic {
  return {
    severity: "warning",
    summary: `Volume ${id} is larger, its machine does not see it yet`,
    detail: `Fly says that the machine has to be restarted first: fly machine restart ${machine ?? "<id>"} --app ${app} [fly/volume-restart]`,
    path: ["size_gb"],
  };
}

function attached(app: string, id: string, machine: string): Diagnostic {
  return {
    summary: `Volume ${id} is in use`,
    detail: `Machine ${machine} of app ${app} mounts it, and Fly deletes no volume that is mounted. It was not deleted. Destroy the machine first: fly machine destroy ${machine} --app ${app} [fly/volume-attached]`,
  };
}
