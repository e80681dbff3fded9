#!/usr/bin/env node
import { policy, start, Trouble } from "../policy/policy.mjs";
import { annotate, execute, give, machines, masked, options, pause, refuse } from "./fly.mjs";

const usage = `Usage: node scripts/ops/preview-app.mjs (--ensure --org ORG | --mark --owner LOGIN | --destroy) --pattern PATTERN --number NUMBER

Makes the app of a pull request's preview where it is not, writes on its machines whose it is and until when, or destroys it with
everything in it. Fly keeps such notes on machines alone.
  --pattern   name of such apps, with {number} for the number, such as hotdash-pr-{number}
  --number    number of the pull request; the name is the pattern with it and never anything else
  --owner     who opened it
Outputs: app, its name; with --mark also expires.
Env vars: FLY_API_TOKEN, GITHUB_REPOSITORY.
Exit codes: 0 done, 1 Fly refused, 2 it was called wrongly.`;

await start(usage, (args) => {
  const given = options(args, {
    ensure: "switch",
    mark: "switch",
    owner: "optional",
    destroy: "switch",
    org: "optional",
    pattern: "required",
    number: "required",
  });
  if ([given.ensure, given.mark, given.destroy].filter(Boolean).length !== 1)
    throw new Trouble("preview-app: needs --ensure, --mark or --destroy");
  if (given.ensure && !given.org) throw new Trouble("preview-app: --ensure needs --org");
  const app = nameOf(given);
  give({ app });
  if (given.mark) return mark(app, given);
  return given.ensure ? ensure(app, given.org) : destroy(app);
});

/** What keeps a cleanup from ever meeting another app: a whole number in the one place. */
function nameOf({ pattern, number }) {
  if (!/^[a-z][a-z0-9-]*$/.test(pattern.replace("{number}", "1")))
    throw new Trouble(`preview-app: "${pattern}" is no pattern with {number}`);
  if (!/^[1-9]\d{0,8}$/.test(number)) throw new Trouble(`preview-app: "${number}" is no number of a pull request`);
  const app = pattern.replace("{number}", number);
  if (app === pattern) throw new Trouble(`preview-app: "${pattern}" holds no {number}`);
  return app;
}

function ensure(app, org) {
  if (exists(app)) return 0;
  const { code, stderr } = execute("flyctl", ["apps", "create", app, "--org", org]);
  if (code === 0) return 0;
  return refuse("No preview app", `${app} cannot be made: ${stderr.trim()}`);
}

/** Notes that `infra preview` reads. A machine is not restarted by them, and a preview without them is none the worse. */
async function mark(app, { number, owner = "" }) {
  const expires = `${new Date(Date.now() + policy.previewStayDays * 86_400_000).toISOString().slice(0, 19)}Z`;
  const metadata = {
    preview_pull_request: number,
    preview_owner: /^[\w.[\]-]{1,60}$/.test(owner) ? owner : "unknown",
    preview_expires: expires,
    preview_repository: process.env.GITHUB_REPOSITORY ?? "",
  };
  for (const { id } of machines(app)) {
    const problem = await note(app, id, metadata);
    if (problem) annotate("warning", "Preview not marked", `${app}: machine ${id} ${problem}`);
  }
  give({ expires });
  return 0;
}

/** flyctl can only write notes by an update, which restarts the machine. @returns what went wrong */
async function note(app, id, metadata) {
  const api = process.env.FLY_FLAPS_BASE_URL || "https://api.machines.dev";
  const token = process.env.FLY_API_TOKEN ?? "";
  const authorization = token.startsWith("FlyV1 ") ? token : `Bearer ${token}`;
  try {
    const { status } = await fetch(`${api}/v1/apps/${app}/machines/${id}/metadata`, {
      method: "PUT",
      headers: { authorization, "content-type": "application/json" },
      body: JSON.stringify({ metadata }),
      signal: AbortSignal.timeout(10_000),
    });
    return status === 204 || status === 200 ? undefined : `is refused: Fly answers ${status}`;
  } catch (error) {
    return `cannot be reached (${error.cause?.code ?? error.name})`;
  }
}

function destroy(app) {
  if (!exists(app)) {
    console.log(`${app} is not there.`);
    return 0;
  }
  const { stderr } = execute("flyctl", ["apps", "destroy", app, "--yes"]);
  // Fly accepts at once and destroys by and by.
  for (let left = 10; left > 0; left--) {
    if (!exists(app)) return 0;
    pause(3);
  }
  return refuse(
    "Preview remains",
    `${app} is still there. ${masked(stderr).trim()} Remove it: flyctl apps destroy ${app}`,
  );
}

/** @throws Trouble where Fly does not say */
function exists(app) {
  const { code, stderr } = execute("flyctl", ["status", "--app", app, "--json"]);
  if (code === 0) return true;
  if (/could not find app|not.?found/i.test(stderr)) return false;
  throw new Trouble(`preview-app: Fly does not say whether ${app} is there: ${masked(stderr).trim()}`);
}
