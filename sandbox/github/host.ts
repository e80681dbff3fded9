/** Where GitHub is served on the sandbox's port, as an enterprise server does it. */
export const githubPaths = { rest: "/api/v3", graphql: "/api/graphql" } as const;

/** Names under which gh asks for GitHub when the sandbox is its proxy. */
export const githubNames = /^(api\.)?github\.localhost$/;

/** The header that marks a request to `api.github.localhost`, so that answers name that host. */
export const bareHeader = "x-sandbox-bare";

/** A request to `http://api.github.localhost/...` as one to the sandbox's own paths; any other as it is. */
export function bareGithub(request: Request): Request {
  const url = new URL(request.url);
  if (!githubNames.test(url.hostname)) return request;
  const path = url.pathname === "/graphql" ? githubPaths.graphql : githubPaths.rest + url.pathname.replace(/^\/$/, "");
  const headers = new Headers(request.headers);
  headers.set(bareHeader, "");
  const { method } = request;
  const body = method === "GET" || method === "HEAD" ? null : request.body;
  return new Request(new URL(path + url.search, url.origin), { method, headers, body, duplex: "half" } as RequestInit);
}
