import type { AddressInfo } from "node:net";
import { serve } from "@hono/node-server";
import type { Hono } from "hono";
import { bareGithub, githubNames } from "./github/host";
import type { Env } from "./world";

/** The one address that the sandbox binds. */
const host = "127.0.0.1";
const localNames = /^(127\.0\.0\.1|localhost|\[::1\])(:\d+)?$/;

/** Serves on this machine only; requests that name another host are refused, so that no web page can reach in. */
export function listen(app: Hono<Env>, port: number): Promise<{ url: string; close(): Promise<void> }> {
  return new Promise((resolve, reject) => {
    const server = serve({
      fetch(request, bindings) {
        const name = request.headers.get("host") ?? "";
        if (localNames.test(name) || githubNames.test(name)) return app.fetch(bareGithub(request), bindings);
        return new Response('{"error":"the sandbox answers this machine only"}', { status: 421 });
      },
      hostname: host,
      port,
      overrideGlobalObjects: false,
    });
    server.once("error", reject);
    server.once("listening", () => {
      const address = server.address() as AddressInfo;
      resolve({
        url: `http://${host}:${address.port}`,
        close: () =>
          new Promise((done) => {
            server.close(() => done());
            if ("closeAllConnections" in server) server.closeAllConnections();
          }),
      });
    });
  });
}
