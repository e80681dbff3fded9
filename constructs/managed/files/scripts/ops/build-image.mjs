#!/usr/bin/env node
import { start } from "../policy/policy.mjs";
import { annotate, give, options, persistently, whole } from "./fly.mjs";

const usage = `Usage: node scripts/ops/build-image.mjs --app APP --config FILE --label LABEL [--no-cache true|false] [--tries 3]

Builds the image of this checkout at Fly, without deploying it, and gives its name as the output "image".
--no-cache true leaves the builder's cache out, so that a stale layer can be ruled out.
Exit codes: 0 built, 3 the build failed, 4 Fly limits the rate, 1 something else failed, 2 it was called wrongly.`;

await start(usage, async (args) => {
  const given = options(args, {
    app: "required",
    config: "required",
    label: "required",
    "no-cache": "optional",
    tries: "optional",
  });
  const { app, config, label } = given;
  const uncached = given["no-cache"] === "true" ? ["--no-cache"] : [];
  const result = await persistently(
    ["deploy", "--build-only", "--push", "--app", app, "--config", config, "--image-label", label, ...uncached],
    whole(given.tries, "tries", 3),
    { kind: "build failure", code: 3 },
  );
  if (result.ok) {
    give({ image: `registry.fly.io/${app}:${label}` });
    return 0;
  }
  annotate("error", result.kind, `the image of ${app} was not built, after ${result.tries} tries`);
  return result.code;
});
