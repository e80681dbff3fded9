import { type Known, list, map, number, objectMap, string } from "../../framework";
import { wholeNumber } from "../process-group/value-check";
import type { Source, Sources } from "./source";

const envName = /^[A-Za-z_][A-Za-z0-9_]{0,127}$/;

/** How old a secret may get where the configuration does not say. */
export const rotationDays = 90;

/** Attributes of fly_secrets. No value is among them. */
export const attributes = {
  app: string("required", { doc: "App that owns the secrets.", replace: true }),
  id: string("computed", { doc: "The app.", default: ({ app = null }) => app }),
  sources: objectMap(
    "required",
    {
      env: list("optional", "string", {
        doc: "Env vars of the process that runs terraform; the first one that is set and not empty gives the value.",
        check: (names) =>
          names.length > 0 && names.every((name) => envName.test(name))
            ? undefined
            : "one of these is not the name of an env var (letters, digits, underscores); it is not shown, in case it is a secret value. Values never go into the configuration [fly/secret-env-name]",
      }),
      file: string("optional", { doc: "File that holds the value; a newline at its end is dropped." }),
      command: list("optional", "string", {
        doc: "Program and arguments, run without a shell at each plan and apply; what it prints is the value.",
        check: (command) => (command[0] ? undefined : "name the program to run [fly/secret-source]"),
      }),
    },
    {
      doc: "Secrets by name and where the value of each comes from: exactly one of env, file and command. A source that gives nothing is not judged by a plan; an apply needs it only for what it has to write. A name that is removed here is removed from Fly.",
      check: badNames,
    },
  ),
  rotation_days: number("optional+computed", {
    doc: "A secret older than this is warned of in each plan. Default 90.",
    default: rotationDays,
    check: wholeNumber(1, 3650),
  }),
  revision: number("optional", { doc: "Raise it to write every secret again." }),
  status: map("computed", "string", {
    doc: 'Secrets that are not as last written: "changed outside", "deleted outside", "source rotated". Empty when all are in step.',
    default: {},
  }),
  version: number("computed", {
    doc: "Fly's counter of the app's secrets after the last write here. A process group that takes it as secrets_version is updated when a secret is.",
  }),
};

export type State = Known<typeof attributes>;

/** True for the source of an imported secret, which nobody can know. */
export function isBlank({ env, file, command }: Source): boolean {
  return env === undefined && file === undefined && command === undefined;
}

function badNames(sources: Sources): string | undefined {
  if (!Object.keys(sources).every((name) => envName.test(name)))
    return "a name is not the name of an env var; it is not shown, in case it is a value [fly/secret-value]";
  const problems = Object.entries(sources).flatMap(([name, source]) => {
    const given = [source.env, source.file, source.command].filter((one) => one !== undefined).length;
    return given === 1 ? [] : [`${name} has ${given} sources; give exactly one of env, file and command`];
  });
  return problems.length === 0 ? undefined : `${problems.join("; ")} [fly/secret-source]`;
}
