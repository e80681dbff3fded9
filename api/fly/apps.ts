import { limits } from "./budget";
import type { Caller } from "./caller";
import type { Fly } from "./client";
import { FlyError } from "./error";
import { appPath, isMissing, reading, repeatable, unlessMissing, writing } from "./route";
import { anything, arrayOf, record, under } from "./shape";
import type { App } from "./types";

const app = record<App>({ name: "string", status: "string", organization: "object" });
/** For this long a new app may still be unknown (404, 401), and a deleted one still be there. */
const settleMs = 60_000;

export function apps(caller: Caller): Fly["apps"] {
  const get = (name: string) => caller.send(reading("app.get", name, appPath(name), app));
  const find = (name: string) => unlessMissing(get(name));
  return {
    find,
    list: async (organization) => {
      const query = { org_slug: organization };
      const page = await caller.send(
        reading("app.list", organization, "/v1/apps", under("apps", arrayOf(app)), { query }),
      );
      return page.apps;
    },
    create: async (body) => {
      await caller.send(writing("app.create", body.name, "/v1/apps", anything, { body, repeat: "any" }));
      return until(caller, () => visible(get(body.name)), `app ${body.name} was made, and Fly does not show it`);
    },
    delete: async (name) => {
      const counted = { action: "app.delete", subject: "all apps", limit: limits.deleteApp };
      await unlessMissing(caller.send(repeatable("app.delete", name, appPath(name), { method: "DELETE", counted })));
      await caller.clock.sleep(200);
      await until(caller, async () => ((await find(name)) ? undefined : true), `app ${name} is still there`);
    },
  };

  async function visible(found: Promise<App>): Promise<App | undefined> {
    try {
      return await found;
    } catch (error) {
      if (isMissing(error) || (error instanceof FlyError && error.kind === "unauthorized")) return undefined;
      throw error;
    }
  }
}

async function until<T>(caller: Caller, look: () => Promise<T | undefined>, otherwise: string): Promise<T> {
  const deadline = caller.clock.now() + settleMs;
  for (let pause = 250; ; pause = Math.min(pause * 2, 4000)) {
    const seen = await look();
    if (seen !== undefined) return seen;
    if (caller.clock.now() + pause > deadline) {
      const flyMessage = `${otherwise} after ${settleMs / 1000} s`;
      throw new FlyError({ kind: "timeout", method: "GET", path: "/v1/apps", flyMessage });
    }
    await caller.clock.sleep(pause);
  }
}
