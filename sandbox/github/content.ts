import { Hono } from "hono";
import { z } from "zod";
import type { World } from "../world";
import { changeView, commitView, commitWithFiles, gitCommit } from "./commit-view";
import { type GithubContext, type GithubEnv, page, pageUrl, readJson, record, repositoryUrl } from "./context";
import { GithubError, missing, unprocessable } from "./error";
import { changes, difference, directory, history, readBlob, resolve, writeBlob, writeCommit } from "./git";
import { push } from "./push";
import type { TreeRow } from "./row";
import { signatureFields, signed } from "./signature";
import { noticeWorkflows, requireWorkflowScope } from "./workflow-file";

const fileBody = z.object({
  message: z.string(),
  content: z.string().optional(),
  sha: z.string().optional(),
  branch: z.string().optional(),
  ...signatureFields,
});

/** Files and commits. */
export function contentRoutes(world: World) {
  return new Hono<GithubEnv>()
    .get("/contents/:path{.*}", (c) => c.json(read(c)))
    .get("/contents", (c) => c.json(read(c)))
    .put("/contents/:path{.+}", async (c) => {
      const { content, ...body } = await readJson(c, fileBody);
      if (content === undefined) throw unprocessable(`Invalid request.\n\n"content" wasn't supplied.`);
      const { commit, isNew } = write(world, c, body, Buffer.from(content, "base64"));
      return c.json(
        { content: writtenView(c, pathOf(c), branchName(c, body.branch)), commit: gitCommit(c, commit) },
        isNew ? 201 : 200,
      );
    })
    .delete("/contents/:path{.+}", async (c) => {
      const { content: _, ...body } = await readJson(c, fileBody);
      const { commit } = write(world, c, body, undefined);
      return c.json({ content: null, commit: gitCommit(c, commit) });
    })
    .get("/readme", (c) => c.json(fileView(c, "README.md", c.req.query("ref"))))
    .get("/commits", (c) => {
      const { sha, path } = c.req.query();
      const repository = c.get("repository");
      const start = resolve(repository, sha ?? repository.settings.default_branch);
      if (!start) throw sha ? missing() : new GithubError(409, "Git Repository is empty.");
      const all = history(repository, start).filter(
        (commit) => !path || changes(repository, commit).some(({ filename }) => `${filename}/`.startsWith(`${path}/`)),
      );
      return c.json(page(c, all).map((commit) => commitView(world, c, commit)));
    })
    .get("/commits/:ref", (c) => c.json(commitWithFiles(world, c, commitOf(c))))
    .get("/compare/:range{.+}", (c) => c.json(compare(world, c)));
}

/** The commit that `:ref` names. @throws 422 as GitHub for one that is not there */
export function commitOf(c: GithubContext) {
  const repository = c.get("repository");
  const name = c.req.param("ref") ?? "";
  const commit = repository.commits.get(resolve(repository, name) ?? "");
  if (!commit) throw unprocessable(`No commit found for SHA: ${name}`);
  return commit;
}

const pathOf = (c: GithubContext): string => (c.req.param("path") ?? "").replace(/^\/|\/$/g, "");

const branchName = (c: GithubContext, branch: string | undefined): string =>
  (branch ?? c.get("repository").settings.default_branch).replace(/^refs\/heads\//, "");

function read(c: GithubContext) {
  const repository = c.get("repository");
  const ref = c.req.query("ref") || repository.settings.default_branch;
  const sha = resolve(repository, ref);
  if (!sha) throw missing(`No commit found for the ref ${ref}`);
  const commit: TreeRow = repository.commits.get(sha) ?? { files: new Map() };
  const path = pathOf(c);
  if (commit.files.has(path)) return fileView(c, path, ref);
  const entries = directory(commit, path);
  if (entries.length === 0) throw missing();
  return entries.map(({ name, type, sha }) => ({
    ...entryView(c, path === "" ? name : `${path}/${name}`, ref, sha),
    type: type === "tree" ? "dir" : "file",
  }));
}

function fileView(c: GithubContext, path: string, ref = c.get("repository").settings.default_branch) {
  const repository = c.get("repository");
  const sha = repository.commits.get(resolve(repository, ref) ?? "")?.files.get(path);
  const content = sha === undefined ? undefined : readBlob(repository, sha);
  if (sha === undefined || !content) throw missing();
  const base64 = content.toString("base64").replace(/.{60}/g, "$&\n");
  return { ...entryView(c, path, ref, sha), type: "file", size: content.length, encoding: "base64", content: base64 };
}

/** A file that was just written: who wrote it has its content. */
function writtenView(c: GithubContext, path: string, branch: string) {
  const { encoding, content, ...rest } = fileView(c, path, branch);
  return rest;
}

function entryView(c: GithubContext, path: string, ref: string, sha: string) {
  const repository = c.get("repository");
  const url = repositoryUrl(c, repository, `/contents/${path}?ref=${ref}`);
  const git_url = repositoryUrl(c, repository, `/git/blobs/${sha}`);
  const html_url = pageUrl(repository, `/blob/${ref}/${path}`);
  const download_url = pageUrl(repository, `/raw/${ref}/${path}`);
  const name = path.split("/").at(-1) ?? path;
  return {
    name,
    path,
    sha,
    size: 0,
    url,
    html_url,
    git_url,
    download_url,
    _links: { self: url, git: git_url, html: html_url },
  };
}

function write(
  world: World,
  c: GithubContext,
  body: Omit<z.output<typeof fileBody>, "content">,
  content: Buffer | undefined,
) {
  const repository = c.get("repository");
  const path = pathOf(c);
  const branch = branchName(c, body.branch);
  const ref = `refs/heads/${branch}`;
  const before = repository.refs.get(ref);
  if (!before && repository.refs.size > 0) throw missing(`Branch ${branch} not found`);
  requireWorkflowScope(c, path);
  const files = new Map(repository.commits.get(before ?? "")?.files);
  const old = files.get(path);
  if (old !== undefined && body.sha === undefined) throw unprocessable(`Invalid request.\n\n"sha" wasn't supplied.`);
  if (old === undefined && content === undefined) throw missing();
  if (body.sha !== undefined && body.sha !== old) throw new GithubError(409, `${path} does not match ${body.sha}`);
  if (content) files.set(path, writeBlob(repository, content));
  else files.delete(path);
  const commit = writeCommit(repository, {
    message: body.message,
    parents: before ? [before] : [],
    files,
    ...signed(world, c, body),
  });
  push(world, c, { ref, before, after: commit.sha }, 409);
  noticeWorkflows(world, repository);
  record(world, c, "git.push", `${ref} ${path}`);
  return { commit, isNew: old === undefined };
}

function compare(world: World, c: GithubContext) {
  const repository = c.get("repository");
  const [base = "", head = ""] = (c.req.param("range") ?? "").split("...");
  const [from, to] = [resolve(repository, base), resolve(repository, head)];
  const [old, now] = [repository.commits.get(from ?? ""), repository.commits.get(to ?? "")];
  if (!old || !now) throw missing();
  const [before, after] = [history(repository, old.sha), history(repository, now.sha)];
  const common = after.find((commit) => before.includes(commit));
  if (!common) throw missing(`No common ancestor between ${base} and ${head}.`);
  const ahead = after.filter((commit) => !before.includes(commit));
  const behind = before.filter((commit) => !after.includes(commit));
  const status =
    ahead.length === 0 ? (behind.length === 0 ? "identical" : "behind") : behind.length === 0 ? "ahead" : "diverged";
  const html_url = pageUrl(repository, `/compare/${base}...${head}`);
  return {
    url: repositoryUrl(c, repository, `/compare/${base}...${head}`),
    html_url,
    permalink_url: pageUrl(repository, `/compare/${old.sha}...${now.sha}`),
    diff_url: `${html_url}.diff`,
    patch_url: `${html_url}.patch`,
    status,
    ahead_by: ahead.length,
    behind_by: behind.length,
    total_commits: ahead.length,
    base_commit: commitView(world, c, old),
    merge_base_commit: commitView(world, c, common),
    commits: ahead.reverse().map((commit) => commitView(world, c, commit)),
    files: difference(common, now).map((file) => changeView(c, file, now.sha)),
  };
}
