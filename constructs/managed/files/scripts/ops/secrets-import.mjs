#!/usr/bin/env node
import { start, Trouble } from "../policy/policy.mjs";
import { execute, masked, options, refuse } from "./fly.mjs";

const usage = `Usage: node scripts/ops/secrets-import.mjs --app APP --names NAME,NAME

Hands env vars of these names to Fly as secrets of APP, staged: the deployment that follows uses them. Values travel on standard input,
never as arguments, and are not printed. A name without a value ends it before anything is handed over.
Exit codes: 0 handed over, 1 a value is missing or Fly refused, 2 it was called wrongly.`;

await start(usage, (args) => {
  const { app, names: list } = options(args, { app: "required", names: "required" });
  const names = list.split(",");
  const missing = names.filter((name) => !process.env[name]);
  if (missing.length > 0) return refuse("Secret missing", `${missing.join(", ")}: no value for ${app}`);
  const lines = names.map((name) => pair(name, process.env[name]));
  const { code, stderr } = execute("flyctl", ["secrets", "import", "--app", app, "--stage"], `${lines.join("\n")}\n`);
  if (code !== 0) return refuse("Secrets not handed over", `${app}: ${withoutValues(stderr, names).trim()}`);
  console.log(`${names.length} secrets are staged for ${app}: ${names.join(", ")}`);
  return 0;
});

/** In the form that flyctl reads back as it was: quotes around a value are taken off once, three of them hold several lines. */
function pair(name, value) {
  if (!value.includes("\n")) return `${name}="${value}"`;
  if (value.split("\n").some((line) => line.endsWith('"""')))
    throw new Trouble(`${name}: flyctl cannot take a line that ends in """`);
  return `${name}="""${value}"""`;
}

function withoutValues(text, names) {
  return names.reduce((rest, name) => rest.replaceAll(process.env[name], "***"), masked(text));
}
