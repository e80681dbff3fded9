import { createHash } from "node:crypto";
import { Hono } from "hono";
import { z } from "zod";
import type { World } from "../world";
import { simpleUser } from "./account";
import { at, type GithubContext, type GithubEnv, page, pageUrl, readJson, record, repositoryUrl } from "./context";
import { badField, missing, unprocessable } from "./error";
import { nodeId } from "./node-id";
import type { AssetRow, GithubReleaseRow } from "./row";

/**
 * Files of releases, below `/releases`. GitHub takes uploads at a host of its own, which `upload_url` names; here it is this one.
 *
 * @see https://docs.github.com/rest/releases/assets (read 2026-11)
 */
export function releaseAssetRoutes(world: World) {
  return new Hono<GithubEnv>()
    .get("/:id{[0-9]+}/assets", (c) => {
      const release = getRelease(c);
      return c.json(page(c, release.assets).map((asset) => assetView(world, c, release, asset)));
    })
    .post("/:id{[0-9]+}/assets", async (c) => {
      const release = getRelease(c);
      const { name, label = null } = c.req.query();
      const contentType = c.req.header("Content-Type");
      if (!name) throw badField("ReleaseAsset", "name", "missing_field");
      if (!contentType) throw unprocessable("Content-Type is missing");
      if (release.assets.some((asset) => asset.name === name)) throw badField("ReleaseAsset", "name", "already_exists");
      const content = Buffer.from(await c.req.arrayBuffer());
      if (content.length === 0) throw unprocessable("The file is empty.");
      const { login } = c.get("asker");
      const asset: AssetRow = {
        id: world.ids.number(),
        name,
        label,
        contentType,
        content: content.toString("base64"),
        downloads: 0,
        login,
        at: world.clock.now(),
      };
      release.assets.push(asset);
      record(world, c, "release_asset.create", name);
      return c.json(assetView(world, c, release, asset), 201);
    })
    .get("/assets/:asset{[0-9]+}", (c) => {
      const { release, asset } = getAsset(c);
      if (c.req.header("Accept") !== "application/octet-stream") return c.json(assetView(world, c, release, asset));
      asset.downloads += 1;
      return c.body(new Uint8Array(Buffer.from(asset.content, "base64")), 200, {
        "content-type": "application/octet-stream",
      });
    })
    .patch("/assets/:asset{[0-9]+}", async (c) => {
      const { release, asset } = getAsset(c);
      const { name, label } = await readJson(c, z.object({ name: z.string().min(1), label: z.string() }).partial());
      Object.assign(asset, name !== undefined && { name }, label !== undefined && { label });
      record(world, c, "release_asset.update", asset.name);
      return c.json(assetView(world, c, release, asset));
    })
    .delete("/assets/:asset{[0-9]+}", (c) => {
      const { release, asset } = getAsset(c);
      release.assets = release.assets.filter((one) => one !== asset);
      record(world, c, "release_asset.destroy", asset.name);
      return c.body(null, 204);
    });
}

/** The release of the path. @throws 404 */
export function getRelease(c: GithubContext): GithubReleaseRow {
  const row = c.get("repository").releases.get(Number(c.req.param("id")));
  if (!row) throw missing();
  return row;
}

function getAsset(c: GithubContext): { release: GithubReleaseRow; asset: AssetRow } {
  const id = Number(c.req.param("asset"));
  for (const release of c.get("repository").releases.values()) {
    const asset = release.assets.find((one) => one.id === id);
    if (asset) return { release, asset };
  }
  throw missing();
}

/** A file of a release as the REST API shows it. */
export function assetView(world: World, c: GithubContext, { tag }: GithubReleaseRow, asset: AssetRow) {
  const { id, name, label, contentType, content, downloads, login, at: time } = asset;
  const bytes = Buffer.from(content, "base64");
  return {
    id,
    node_id: nodeId("ReleaseAsset", id),
    name,
    label,
    size: bytes.length,
    digest: `sha256:${createHash("sha256").update(bytes).digest("hex")}`,
    content_type: contentType,
    state: "uploaded" as const,
    download_count: downloads,
    url: repositoryUrl(c, c.get("repository"), `/releases/assets/${id}`),
    browser_download_url: pageUrl(c.get("repository"), `/releases/download/${tag}/${name}`),
    created_at: at(time),
    updated_at: at(time),
    uploader: simpleUser(world.store.state.github, c, login),
  };
}
