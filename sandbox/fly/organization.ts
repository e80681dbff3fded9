import { type Context, Hono } from "hono";
import { requireOrganization } from "../auth";
import { invalid } from "../error";
import { appsOf } from "../store";
import { type Env, flag, timestamp, type World } from "../world";
import { listVolumes, volumeView } from "./volume";

const mostRows = 1000;
const machineStates = ["created", "started", "stopped", "suspended"];

/** Listings of a whole organization. */
export function organizationRoutes(world: World) {
  return new Hono<Env>()
    .get("/:org/machines", (c) => {
      const { rows, rest } = page(c, machineRows(world, c));
      return c.json({ machines: rows.map(({ view }) => view), ...rest, last_machine_id: rows.at(-1)?.id ?? "" });
    })
    .get("/:org/volumes", (c) => {
      const { rows, rest } = page(c, volumeRows(world, c));
      return c.json({ volumes: rows.map(({ view }) => view), ...rest, last_volume_id: rows.at(-1)?.id ?? "" });
    });

  function page(c: Context<Env>, all: Row[]) {
    const limit = Number(c.req.query("limit") ?? mostRows);
    if (!Number.isInteger(limit) || limit < 1 || limit > mostRows) {
      throw invalid(`limit: expected a number from 1 to ${mostRows}`);
    }
    const after = readTime(c.req.query("updated_after"));
    const region = c.req.query("region");
    const { regionsDown } = world.store.state;
    const cursor = readCursor(c.req.query("cursor"));
    const rows = all
      .filter((row) => row.updatedAt >= after && (!region || row.region === region) && !regionsDown.has(row.region))
      .sort((a, b) => a.updatedAt - b.updatedAt || (a.id < b.id ? -1 : 1))
      .filter((row) => isAfter(row, cursor));
    const chosen = rows.slice(0, Math.min(limit, c.get("pageSize") ?? limit));
    const last = chosen.at(-1);
    const next_cursor = rows.length > chosen.length ? writeCursor(last ?? cursor ?? start) : "";
    const error_regions = [...regionsDown].filter((down) => !region || down === region);
    const rest = { next_cursor, last_updated_at: last ? timestamp(last.updatedAt) : "", error_regions };
    return { rows: chosen, rest };
  }
}

interface Row {
  readonly id: string;
  readonly updatedAt: number;
  readonly region: string;
  readonly view: unknown;
}

type Cursor = Pick<Row, "id" | "updatedAt">;

const start: Cursor = { id: "", updatedAt: 0 };

function machineRows(world: World, c: Context<Env>): Row[] {
  const org = requireOrganization(world, c.get("principal"), c.req.param("org") ?? "");
  const states = c.req.query("state")?.split(",");
  const unknown = states?.find((state) => !machineStates.includes(state));
  if (unknown !== undefined) throw invalid(`state: "${unknown}" is none of ${machineStates.join(", ")}`);
  const [deleted, summary] = [flag(c.req, "include_deleted"), flag(c.req, "summary")];
  return appsOf(world.store.state, org).flatMap((app) =>
    [...app.machines.values()]
      .filter(({ state }) => (deleted || state !== "destroyed") && (!states || states.includes(state)))
      .map(({ id, name, region, state, privateIp, createdAt, updatedAt, instanceId, config }) => ({
        id,
        updatedAt,
        region,
        view: {
          id,
          name,
          app_name: app.name,
          region,
          state,
          private_ip: privateIp,
          created_at: timestamp(createdAt),
          updated_at: timestamp(updatedAt),
          version: instanceId,
          ...(!summary && { config: { guest: config.guest, image: config.image, metadata: config.metadata } }),
        },
      })),
  );
}

function volumeRows(world: World, c: Context<Env>): Row[] {
  const org = requireOrganization(world, c.get("principal"), c.req.param("org") ?? "");
  const deleted = flag(c.req, "include_deleted");
  const state = c.req.query("state");
  return appsOf(world.store.state, org).flatMap((app) =>
    listVolumes(world, app)
      .filter(
        (volume) => (deleted || volume.state === "created") && (!state || state.split(",").includes(volume.state)),
      )
      .map((volume) => ({
        id: volume.id,
        updatedAt: volume.updatedAt,
        region: volume.region,
        view: { ...volumeView(volume), app_name: app.name, updated_at: timestamp(volume.updatedAt) },
      })),
  );
}

function isAfter(row: Row, cursor: Cursor | undefined): boolean {
  if (!cursor) return true;
  return row.updatedAt > cursor.updatedAt || (row.updatedAt === cursor.updatedAt && row.id > cursor.id);
}

const writeCursor = ({ updatedAt, id }: Cursor) => Buffer.from(`${updatedAt} ${id}`).toString("base64url");

function readCursor(text: string | undefined): Cursor | undefined {
  if (!text) return undefined;
  const [updatedAt, id = ""] = Buffer.from(text, "base64url").toString().split(" ");
  if (!/^\d+$/.test(updatedAt ?? "")) throw invalid("cursor: not one of this listing");
  return { updatedAt: Number(updatedAt), id };
}

function readTime(text: string | undefined): number {
  const time = text ? Date.parse(text) : 0;
  if (Number.isNaN(time)) throw invalid("updated_after: expected a time such as 2026-08-01T00:00:00Z");
  return time;
}
