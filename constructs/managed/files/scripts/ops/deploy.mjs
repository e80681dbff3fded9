#!/usr/bin/env node
import { mkdirSync, writeFileSync } from "node:fs";
import { dirname, resolve } from "node:path";
import { start, Trouble } from "../policy/policy.mjs";
import { annotate, give, options, persistently, whole } from "./fly.mjs";

const usage = `Usage: node scripts/ops/deploy.mjs --app APP --config FILE (--image IMAGE | --folder FOLDER --label LABEL) [options]

Deploys an image, or builds one from FOLDER and deploys that.
  --image IMAGE            an image that the registry has
  --folder FOLDER          a Dockerfile and what it needs; where --image is given too: only if the registry has lost that image
  --label LABEL            tag of the image that is built
  --no-cache true|false    builds without the builder's cache
  --tries N                tries of what fails in passing; 3
  --one-machine            makes no spare machine in a new app
  --skip-release-command   for a rollback: its release command has run when the image was deployed first
  --log FILE               keeps what flyctl said
Outputs: begun=true as soon as something may have changed, started_at in ms, image, tries; kind of the failure.
Exit codes: 0 deployed, 1 deployment failure, 3 build failure, 4 Fly limits the rate, 5 there is no such image, 2 it was called wrongly.`;

await start(usage, async (args) => {
  const given = options(args, {
    app: "required",
    config: "required",
    image: "optional",
    folder: "optional",
    label: "optional",
    "no-cache": "optional",
    tries: "optional",
    "one-machine": "switch",
    "skip-release-command": "switch",
    log: "optional",
  });
  if (!given.image && !(given.folder && given.label))
    throw new Trouble("deploy: needs --image, or --folder and --label");
  give({ begun: true, started_at: Date.now() });
  let image = given.image || built(given);
  let result = await deploy(given, given.image ? ["--image", given.image] : source(given));
  if (!result.ok && result.kind === "image missing" && given.image && given.folder && given.label) {
    annotate("warning", "Image lost", `${image} is gone from the registry: it is built again from the released files`);
    image = built(given);
    result = await deploy(given, source(given));
  }
  if (given.log) keep(given.log, result.text);
  give({ image, tries: result.tries, ...(result.ok ? {} : { kind: result.kind }) });
  if (result.ok) return 0;
  annotate(
    "error",
    result.kind,
    `${given.app} was not deployed, after ${result.tries} tries; its machines may differ. ${result.instead ?? ""}`.trim(),
  );
  return result.code;
});

function keep(file, text) {
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, text);
}

function built({ app, label }) {
  return `registry.fly.io/${app}:${label}`;
}

function source({ folder, label, "no-cache": uncached }) {
  return [resolve(folder), ...["--image-label", label], ...(uncached === "true" ? ["--no-cache"] : [])];
}

function deploy(given, what) {
  return persistently(
    [
      ...["deploy", ...what, "--app", given.app, "--config", resolve(given.config), "--yes"],
      ...(given["one-machine"] ? ["--ha=false"] : []),
      ...(given["skip-release-command"] ? ["--skip-release-command"] : []),
    ],
    whole(given.tries, "tries", 3),
    { kind: "deployment failure", code: 1 },
  );
}
