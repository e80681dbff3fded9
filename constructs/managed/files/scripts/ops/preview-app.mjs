#!/usr/bin/env node
import { start, Trouble } from "../policy/policy.mjs";
import { execute, give, masked, options, pause, refuse } from "./fly.mjs";

const usage = `Usage: node scripts/ops/preview-app.mjs (--ensure --org ORG | --destroy) --pattern PATTERN --number NUMBER

Makes the app of a pull request's preview where it is not, or destroys it with everything in it.
  --pattern   name of such apps, with {number} for the number, such as hotdash-pr-{number}
  --number    number of the pull request; the name is the pattern with it and never anything else
Output: app, its name.
Exit codes: 0 done, 1 Fly refused, 2 it was called wrongly.`;

await start(usage, (args) => {
  const given = options(args, {
    ensure: "switch",
    destroy: "switch",
    org: "optional",
    pattern: "required",
    number: "required",
  });
  if (Boolean(given.ensure) === Boolean(given.destroy)) throw new Trouble("preview-app: needs --ensure or --destroy");
  if (given.ensure && !given.org) throw new Trouble("preview-app: --ensure needs --org");
  const app = nameOf(given);
  give({ app });
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
