import { Hono } from "hono";
import { z } from "zod";
import type { World } from "../world";
import { simpleUser } from "./account";
import { at, type GithubContext, type GithubEnv, page, pageUrl, readJson, record, repositoryUrl } from "./context";
import { badField, missing } from "./error";
import { resolve } from "./git";
import { nodeId } from "./node-id";
import { push } from "./push";
import { assetView, getRelease, releaseAssetRoutes } from "./release-asset";
import type { GithubReleaseRow } from "./row";

const releaseBody = z.object({
  tag_name: z.string().min(1),
  target_commitish: z.string().optional(),
  name: z.string().nullish(),
  body: z.string().nullish(),
  draft: z.boolean().optional(),
  prerelease: z.boolean().optional(),
});

/** GitHub releases. */
export function releaseRoutes(world: World) {
  return new Hono<GithubEnv>()
    .get("/", (c) => c.json(page(c, newestFirst(c)).map((row) => releaseView(world, c, row))))
    .post("/", async (c) => {
      const {
        tag_name: tag,
        target_commitish,
        name,
        body,
        draft = false,
        prerelease = false,
      } = await readJson(c, releaseBody);
      const repository = c.get("repository");
      if ([...repository.releases.values()].some((row) => row.tag === tag && !row.draft)) {
        throw badField("Release", "tag_name", "already_exists");
      }
      const target = target_commitish ?? repository.settings.default_branch;
      const sha = resolve(repository, target);
      if (!sha) throw badField("Release", "target_commitish", "invalid");
      if (!draft) publish(world, c, tag, sha);
      const now = world.clock.now();
      const { login } = c.get("asker");
      const base = {
        id: world.ids.number(),
        tag,
        target,
        name: name ?? null,
        body: body ?? null,
        draft,
        prerelease,
        login,
      };
      const row: GithubReleaseRow = { ...base, createdAt: now, ...(!draft && { publishedAt: now }), assets: [] };
      repository.releases.set(row.id, row);
      record(world, c, "release.create", tag);
      return c.json(releaseView(world, c, row), 201);
    })
    .get("/latest", (c) => {
      const row = newestFirst(c).find(({ draft, prerelease }) => !draft && !prerelease);
      if (!row) throw missing();
      return c.json(releaseView(world, c, row));
    })
    .get("/tags/:tag{.+}", (c) => {
      const row = newestFirst(c).find(({ tag, draft }) => tag === c.req.param("tag") && !draft);
      if (!row) throw missing();
      return c.json(releaseView(world, c, row));
    })
    .get("/:id{[0-9]+}", (c) => c.json(releaseView(world, c, getRelease(c))))
    .patch("/:id{[0-9]+}", async (c) => {
      const row = getRelease(c);
      const { name, body, draft, prerelease } = await readJson(c, releaseBody.partial());
      Object.assign(row, name !== undefined && { name }, body !== undefined && { body });
      if (prerelease !== undefined) row.prerelease = prerelease;
      if (row.draft && draft === false) {
        publish(world, c, row.tag, resolve(c.get("repository"), row.target) ?? "");
        Object.assign(row, { draft: false, publishedAt: world.clock.now() });
      }
      record(world, c, "release.update", row.tag);
      return c.json(releaseView(world, c, row));
    })
    .delete("/:id{[0-9]+}", (c) => {
      const row = getRelease(c);
      c.get("repository").releases.delete(row.id);
      record(world, c, "release.destroy", row.tag);
      return c.body(null, 204);
    })
    .route("/", releaseAssetRoutes(world));
}

/** Releases of a repository, the newest first. */
function newestFirst(c: GithubContext): GithubReleaseRow[] {
  return [...c.get("repository").releases.values()].reverse();
}

/** Makes the tag of a release, if there is none; tag rules hold here too. */
function publish(world: World, c: GithubContext, tag: string, sha: string): void {
  const ref = `refs/tags/${tag}`;
  if (!c.get("repository").refs.has(ref)) push(world, c, { ref, after: sha });
}

/** A release as the REST API shows it. */
export function releaseView(world: World, c: GithubContext, row: GithubReleaseRow) {
  const repository = c.get("repository");
  const url = repositoryUrl(c, repository, `/releases/${row.id}`);
  const { id, tag, target, name, body, draft, prerelease, login, createdAt, publishedAt, assets } = row;
  return {
    id,
    node_id: nodeId("Release", id),
    url,
    assets_url: `${url}/assets`,
    upload_url: `${url}/assets{?name,label}`,
    html_url: pageUrl(repository, `/releases/tag/${tag}`),
    tarball_url: repositoryUrl(c, repository, `/tarball/${tag}`),
    zipball_url: repositoryUrl(c, repository, `/zipball/${tag}`),
    tag_name: tag,
    target_commitish: target,
    name,
    body,
    draft,
    prerelease,
    author: simpleUser(world.store.state.github, c, login),
    created_at: at(createdAt),
    published_at: publishedAt === undefined ? null : at(publishedAt),
    assets: assets.map((asset) => assetView(world, c, row, asset)),
  };
}
