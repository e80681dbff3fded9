#!/usr/bin/env node
import { writeFileSync } from "node:fs";
import { start, Trouble } from "../policy/policy.mjs";
import { ask } from "./ask.mjs";
import { execute, give, json, machines, options, pause, refuse, summarize, whole } from "./fly.mjs";

const usage = `Usage: node scripts/ops/chaos.mjs --app APP --never APP --url URL --seconds N --report FILE

Stops one started machine of APP and sees whether the product comes back by itself within N seconds. Afterwards the machine is started in any
case. Refused for the app that --never names.
Output: back_after in seconds.
Exit codes: 0 it came back, 1 it did not, or was not well before, 2 it was called wrongly.`;

await start(usage, async (args) => {
  const given = options(args, {
    app: "required",
    never: "required",
    url: "required",
    seconds: "required",
    report: "required",
  });
  const { app, never, url, report } = given;
  if (app === never) throw new Trouble(`chaos: ${app} is production`);
  const victim = machines(app).find(({ state }) => state === "started");
  if (!victim || !(await isWell(url))) return refuse("Nothing to try", `${app} is not well before the experiment`);
  let backAfter;
  try {
    fly("stop", victim.id, app);
    backAfter = await recovery(app, url, whole(given.seconds, "seconds"));
  } finally {
    if (stateOf(app, victim.id) !== "started") fly("start", victim.id, app);
  }
  const facts = { app, experiment: "stop one machine", machine: victim.id, backAfterSeconds: backAfter ?? null };
  writeFileSync(report, `${JSON.stringify(facts, null, 2)}\n`);
  give({ back_after: backAfter ?? "" });
  summarize(
    `### ${app}: a machine was stopped\n${backAfter === undefined ? "It did not come back by itself" : `Back after ${backAfter} s`}.`,
  );
  if (backAfter !== undefined) return 0;
  return refuse(
    "No recovery",
    `${app} did not come back by itself within ${given.seconds} s; machine ${victim.id} was started again`,
  );
});

/** Asking wakes a machine that sleeps, as any visitor would. */
async function recovery(app, url, seconds) {
  const begun = Date.now();
  for (let left = Math.max(1, Math.ceil(seconds / 5)); left > 0; left--) {
    if ((await isWell(url)) && machines(app).some(({ state }) => state === "started")) {
      return Math.round((Date.now() - begun) / 1000);
    }
    pause(5);
  }
  return undefined;
}

async function isWell(url) {
  return (await ask(`${url}/health`)).status === 200;
}

function stateOf(app, id) {
  return json("flyctl", ["machine", "list", "--app", app, "--json"], []).find((one) => one.id === id)?.state;
}

function fly(deed, id, app) {
  const { code, stderr } = execute("flyctl", ["machine", deed, id, "--app", app]);
  if (code !== 0) throw new Trouble(`chaos: flyctl machine ${deed} ${id} failed: ${stderr.trim()}`);
}
