#!/usr/bin/env node
import { start } from "../policy/policy.mjs";
import { give, imagesOf, machines, options, refuse, releases, whole } from "./fly.mjs";

const usage = `Usage: node scripts/ops/previous-image.mjs --app APP [--back | --release NUMBER] [--first]

Finds the image that a rollback puts in service again, and gives it as the output "image".
  (nothing)   what is in service now: to go back to when the deployment that follows fails
  --back      the image before the one in service
  --release   the image of that release of the app, such as 73
  --first     no image is no error: the app has never been deployed
Exit codes: 0 found, 1 there is none, 2 it cannot judge.`;

await start(usage, async (args) => {
  const { app, back, release, first } = options(args, {
    app: "required",
    back: "switch",
    release: "optional",
    first: "switch",
  });
  const number = whole(release, "release");
  const image = number === undefined ? (back ? before(app) : inService(app)) : ofRelease(app, number);
  if (image) {
    give({ image });
    return 0;
  }
  if (number !== undefined) return refuse("No such release", `${app} has no completed release ${number}`);
  const missing = `${app} has no image to go back to`;
  if (!first)
    return refuse("No previous image", `${missing}. Only the first deployment of an app may do without: say so`);
  console.log(`${missing}; this is the first deployment of the app`);
  give({ image: "" });
  return 0;
});

/** The image of the machines where they are well, else the newest release that was completed with another one. */
function inService(app) {
  const all = machines(app);
  const isWell = ({ state, checks = [] }) => state === "started" && checks.every(({ status }) => status !== "critical");
  const names = [...new Set(all.map((machine) => imagesOf(machine)[0]))];
  if (all.some(isWell) && names.length === 1) return names[0];
  const known = releases(app);
  return (known.find(({ image }) => !names.includes(image)) ?? known[0])?.image;
}

function before(app) {
  const running = new Set(machines(app).flatMap(imagesOf));
  const known = releases(app);
  const current = running.size > 0 ? running : new Set([known[0]?.image]);
  const at = known.findIndex(({ image }) => current.has(image));
  return known.slice(at + 1).find(({ image }) => !current.has(image))?.image;
}

function ofRelease(app, number) {
  return releases(app).find((one) => one.number === number)?.image;
}
