#!/usr/bin/env node
import { start, Trouble } from "../policy/policy.mjs";
import { options, refuse } from "./fly.mjs";

const usage = `Usage: node scripts/ops/deployment-window.mjs --days Mon,Tue --from 09:00 --to 17:00 --time-zone America/Los_Angeles [--now TIME]

Says whether a deployment may begin now. Rollbacks do not ask.
--now is a time such as 2026-11-23T18:00:00Z.
Exit codes: 0 yes, 1 no, 2 it cannot judge.`;

await start(usage, (args) => {
  const given = options(args, {
    days: "required",
    from: "required",
    to: "required",
    "time-zone": "required",
    now: "optional",
  });
  const { days, from, to, "time-zone": zone } = given;
  const { weekday, time } = local(given.now ? new Date(given.now) : new Date(), zone);
  const window = `${days} ${from} to ${to} ${zone}`;
  if (days.split(",").includes(weekday) && from <= time && time < to) {
    console.log(`It is ${weekday} ${time}: within ${window}.`);
    return 0;
  }
  return refuse("Outside the deployment window", `it is ${weekday} ${time}; deployments begin within ${window}`);
});

function local(now, timeZone) {
  if (Number.isNaN(now.getTime())) throw new Trouble("deployment-window: --now is no time");
  const form = { timeZone, weekday: "short", hour: "2-digit", minute: "2-digit", hourCycle: "h23" };
  const parts = Object.fromEntries(
    new Intl.DateTimeFormat("en-US", form).formatToParts(now).map(({ type, value }) => [type, value]),
  );
  return { weekday: parts.weekday, time: `${parts.hour}:${parts.minute}` };
}
