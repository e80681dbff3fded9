import { Hono } from "hono";
import { z } from "zod";
import type { World } from "../world";
import { commitView } from "./commit-view";
import { type GithubContext, type GithubEnv, page, pageUrl, readJson, record, repositoryUrl } from "./context";
import { missing, unprocessable } from "./error";
import { isForced } from "./git";
import { protectionOf } from "./protection-push";
import { push } from "./push";
import type { RepositoryRow } from "./row";
import { effectiveRules } from "./ruleset";

/** Branches, and the git refs below `/git`. */
export function branchRoutes(world: World) {
  return new Hono<GithubEnv>()
    .get("/branches", (c) => {
      const { refs } = c.get("repository");
      const wanted = c.req.query("protected");
      const all = [...refs.keys()].filter((ref) => ref.startsWith("refs/heads/")).map((ref) => ref.slice(11));
      const shown = all.filter((name) => !wanted || isProtected(c.get("repository"), name) === (wanted === "true"));
      return c.json(page(c, shown.sort()).map((name) => short(c, name)));
    })
    .get("/branches/:branch", (c) => {
      return c.json(branchView(world, c, branchOf(c)));
    })
    .post("/branches/:branch/rename", async (c) => {
      const repository = c.get("repository");
      const before = branchOf(c);
      const { new_name: after } = await readJson(c, z.object({ new_name: z.string().min(1) }));
      const sha = repository.refs.get(`refs/heads/${before}`) ?? "";
      push(world, c, { ref: `refs/heads/${after}`, after: sha });
      repository.refs.delete(`refs/heads/${before}`);
      if (repository.settings.default_branch === before) repository.settings.default_branch = after;
      for (const { pull } of repository.issues.values()) if (pull?.base === before) pull.base = after;
      record(world, c, "branch.rename", `${before} to ${after}`);
      return c.json(branchView(world, c, after), 201);
    })
    .route("/git", refRoutes(world));
}

function refRoutes(world: World) {
  const one = (c: GithubContext, ref: string, sha: string) => {
    const repository = c.get("repository");
    const url = repositoryUrl(c, repository, `/git/${ref}`);
    const object = { type: "commit", sha, url: repositoryUrl(c, repository, `/git/commits/${sha}`) };
    return { ref, node_id: `REF_${Buffer.from(ref).toString("base64url")}`, url, object };
  };
  const get = (c: GithubContext) => {
    const ref = `refs/${c.req.param("ref")}`;
    const sha = c.get("repository").refs.get(ref);
    return { ref, sha };
  };
  return new Hono<GithubEnv>()
    .get("/ref/:ref{.+}", (c) => {
      const { ref, sha } = get(c);
      if (!sha) throw missing();
      return c.json(one(c, ref, sha));
    })
    .get("/matching-refs/:ref{.+}", (c) => {
      const { ref } = get(c);
      const all = [...c.get("repository").refs].filter(([name]) => name.startsWith(ref));
      return c.json(page(c, all).map(([name, sha]) => one(c, name, sha)));
    })
    .post("/refs", async (c) => {
      const repository = c.get("repository");
      const { ref, sha } = await readJson(c, z.object({ ref: z.string(), sha: z.string() }));
      if (!/^refs\/(heads|tags)\/\S+$/.test(ref)) throw unprocessable("Reference name is invalid");
      if (repository.refs.has(ref)) throw unprocessable("Reference already exists");
      if (!repository.commits.has(sha)) throw unprocessable("Object does not exist");
      push(world, c, { ref, after: sha });
      record(world, c, "git.push", ref);
      return c.json(one(c, ref, sha), 201);
    })
    .patch("/refs/:ref{.+}", async (c) => {
      const { ref, sha: before } = get(c);
      const { sha, force } = await readJson(c, z.object({ sha: z.string(), force: z.boolean().default(false) }));
      if (!before) throw unprocessable("Reference does not exist");
      if (!c.get("repository").commits.has(sha)) throw unprocessable("Object does not exist");
      if (!force && isForced(c.get("repository"), before, sha)) throw unprocessable("Update is not a fast forward");
      push(world, c, { ref, before, after: sha });
      record(world, c, "git.push", ref);
      return c.json(one(c, ref, sha));
    })
    .delete("/refs/:ref{.+}", (c) => {
      const { ref, sha: before } = get(c);
      if (!before) throw unprocessable("Reference does not exist");
      if (ref === `refs/heads/${c.get("repository").settings.default_branch}`) {
        throw unprocessable("Cannot delete the default branch");
      }
      push(world, c, { ref, before });
      record(world, c, "git.push", ref);
      return c.body(null, 204);
    });
}

/** The branch of the path. @throws 404 when there is none */
export function branchOf(c: GithubContext): string {
  const name = c.req.param("branch") ?? "";
  if (!c.get("repository").refs.has(`refs/heads/${name}`)) throw missing("Branch not found");
  return name;
}

/** Whether classic protection or a ruleset is in force for a branch. */
function isProtected(repository: RepositoryRow, name: string): boolean {
  return protectionOf(repository, name) !== undefined || effectiveRules(repository, `refs/heads/${name}`).length > 0;
}

/** A branch in full. @throws 404 when its commit is gone */
export function branchView(world: World, c: GithubContext, name: string) {
  const repository = c.get("repository");
  const commit = repository.commits.get(repository.refs.get(`refs/heads/${name}`) ?? "");
  if (!commit) throw missing("Branch not found");
  const self = repositoryUrl(c, repository, `/branches/${encodeURIComponent(name)}`);
  const html = pageUrl(repository, `/tree/${name}`);
  return { ...short(c, name), commit: commitView(world, c, commit), _links: { self, html } };
}

function short(c: GithubContext, name: string) {
  const repository = c.get("repository");
  const sha = repository.refs.get(`refs/heads/${name}`) ?? "";
  const rule = protectionOf(repository, name);
  const contexts = rule?.statusChecks?.checks.map(({ context }) => context) ?? [];
  const level = rule?.statusChecks ? (rule.enforceAdmins ? "everyone" : "non_admins") : "off";
  const checks = rule?.statusChecks?.checks ?? [];
  return {
    name,
    commit: { sha, url: repositoryUrl(c, repository, `/commits/${sha}`) },
    protected: isProtected(repository, name),
    protection: { enabled: rule !== undefined, required_status_checks: { enforcement_level: level, contexts, checks } },
    protection_url: repositoryUrl(c, repository, `/branches/${encodeURIComponent(name)}/protection`),
  };
}
