/** What Fly, or a roll-out, would refuse in a whole configuration; known from the configuration alone. */
import { type GuestProblem, guestProblem } from "../../facts/guest";
import { type Diagnostic, type Path, unknown, type Value } from "../../framework";
import { type ConfigObject, isSet, isThere, objectsOf } from "./config-value";

type Rule = (config: ConfigObject) => readonly Diagnostic[];

/** Every problem across attributes. Unknown values are given the benefit of the doubt. */
export function validateGroup(config: ConfigObject): readonly Diagnostic[] {
  return rules.flatMap((rule) => rule(config));
}

const rules: readonly Rule[] = [
  function oneImage({ image, initial_image }) {
    if (image === unknown || initial_image === unknown || isSet(image) !== isSet(initial_image)) return [];
    const got = isSet(image) ? "both are given" : "neither is given";
    return [
      problem(
        ["image"],
        "Give image or initial_image",
        `The machines need one of the two, and ${got}. image pins what runs; initial_image leaves that to deployments and is used only at the very start. [fly/image-source]`,
      ),
    ];
  },

  function guestSize({ guest }) {
    const found = guestProblem(numbersOf(guest));
    return found
      ? [problem(["guest", found.attribute], "Fly has no such machine", `${found.text} [${guestId[found.attribute]}]`)]
      : [];
  },

  function primaryRegion({ machines, primary_region }) {
    if (!isThere(machines) || primary_region === unknown) return [];
    const regions = Object.keys(machines);
    if (!isSet(primary_region) && regions.length > 1)
      return [
        problem(
          ["primary_region"],
          "The primary region is not said",
          `There are several regions (${regions.join(", ")}), and min_machines_running and PRIMARY_REGION mean one of them. Set primary_region. [fly/primary-region]`,
        ),
      ];
    if (!isSet(primary_region) || regions.includes(String(primary_region))) return [];
    return [
      problem(
        ["primary_region"],
        "The primary region has no machines",
        `primary_region is ${String(primary_region)} and machines are declared in ${regions.join(", ")}. Name one of these, or declare machines there. [fly/primary-region]`,
      ),
    ];
  },

  function strategyFits({ strategy, services, checks, mount }) {
    const found: Diagnostic[] = [];
    const hasMount = isThere(mount);
    if ((strategy === "bluegreen" || strategy === "canary") && hasMount)
      found.push(
        problem(
          ["strategy"],
          `${strategy} cannot work with a volume`,
          `A volume belongs to one machine, so the ${strategy === "canary" ? "extra machine" : "new machines"} would have to run without it. Use rolling, or remove mount. [fly/strategy-mount]`,
        ),
      );
    if (strategy === "bluegreen" && !hasChecks(services, checks))
      found.push(
        problem(
          ["strategy"],
          "bluegreen needs a health check",
          "Traffic moves when the new machines are healthy, and nothing says when that is. Add a check to a service, or to checks; or use rolling. [fly/strategy-checks]",
        ),
      );
    return found;
  },

  function availability({ strategy, max_unavailable }) {
    if (strategy !== "immediate" || typeof max_unavailable !== "string" || max_unavailable === "100%") return [];
    return [
      problem(
        ["strategy"],
        "immediate keeps no machine in service",
        `max_unavailable promises that at most ${max_unavailable} of the machines are out, and immediate takes all at once. Use rolling, or leave max_unavailable out. [fly/strategy-availability]`,
      ),
    ];
  },

  ({ services }) => objectsOf(services).flatMap((service, i) => serviceProblems(service, ["services", i])),

  function suspend({ services, guest, init, schedule }) {
    const suspends = objectsOf(services).findIndex(({ autostop }) => autostop === "suspend");
    if (suspends < 0) return [];
    const memory = isThere(guest) ? guest.memory_mb : null;
    const reasons = [
      typeof memory === "number" && memory > 2048 ? `it has ${memory} MB and 2048 is the most` : "",
      isThere(guest) && memory == null && guest.cpu_kind === "performance" && Number(guest.cpus ?? 1) > 1
        ? "performance CPUs come with more than the 2048 MB that are the most"
        : "",
      isThere(init) && Number(init.swap_size_mb ?? 0) > 0 ? "it has swap" : "",
      isSet(schedule) && schedule !== "" ? "it has a schedule" : "",
    ].filter((reason) => reason !== "");
    if (reasons.length === 0) return [];
    return [
      problem(
        ["services", suspends, "autostop"],
        "The machine cannot be suspended",
        `Fly does not suspend it, because ${reasons.join(" and ")}. Use "stop", or change that. [fly/suspend]`,
      ),
    ];
  },

  ({ files }) => objectsOf(files).flatMap((file, i) => fileProblems(file, ["files", i])),

  function volume({ mount }) {
    if (!isThere(mount)) return [];
    const { size_gb, size_gb_limit, extend_threshold_percent, add_size_gb } = mount;
    const found: Diagnostic[] = [];
    if (
      typeof size_gb === "number" &&
      typeof size_gb_limit === "number" &&
      size_gb_limit > 0 &&
      size_gb_limit < size_gb
    )
      found.push(
        problem(
          ["mount", "size_gb_limit"],
          "The limit is below the size",
          `size_gb_limit is ${size_gb_limit} and size_gb is ${size_gb}. Raise the limit or leave it out. [fly/mount-extend]`,
        ),
      );
    if (Number(extend_threshold_percent ?? 0) > 0 && add_size_gb !== unknown && Number(add_size_gb ?? 0) === 0)
      found.push(
        problem(
          ["mount", "add_size_gb"],
          "Nothing would be added",
          "extend_threshold_percent is given and add_size_gb is not: say how many GB Fly adds each time. [fly/mount-extend]",
        ),
      );
    return found;
  },
];

const guestId: Readonly<Record<GuestProblem["attribute"], string>> = {
  cpu_kind: "fly/guest-cpu-kind",
  cpus: "fly/guest-cpus",
  memory_mb: "fly/guest-memory",
};

function serviceProblems({ concurrency, ports }: ConfigObject, path: Path): Diagnostic[] {
  const found: Diagnostic[] = [];
  const { soft_limit: soft, hard_limit: hard } = isThere(concurrency) ? concurrency : {};
  const softest = typeof soft === "number" ? soft : 20;
  if (typeof hard === "number" && hard > 0 && softest > hard && soft !== unknown)
    found.push(
      problem(
        [...path, "concurrency"],
        "The soft limit is above the hard limit",
        `soft_limit is ${softest} and hard_limit is ${hard}: the machine would be full before others are preferred. Lower soft_limit or raise hard_limit. [fly/concurrency]`,
      ),
    );
  return [...found, ...portProblems(ports, path)];
}

function portProblems(ports: Value | undefined, path: Path): Diagnostic[] {
  return objectsOf(ports).flatMap(({ port, start_port, end_port }, i): Diagnostic[] => {
    if ([port, start_port, end_port].includes(unknown)) return [];
    const at = [...path, "ports", i];
    if (isSet(port) !== (isSet(start_port) || isSet(end_port)) && isSet(start_port) === isSet(end_port)) {
      const reversed = typeof start_port === "number" && typeof end_port === "number" && start_port > end_port;
      return reversed
        ? [
            problem(
              at,
              "The range of ports is empty",
              `start_port ${start_port} is above end_port ${end_port}; exchange them. [fly/port]`,
            ),
          ]
        : [];
    }
    return [problem(at, "Which port is not said", "Give port, or start_port together with end_port. [fly/port]")];
  });
}

function fileProblems({ raw_value, secret_name }: ConfigObject, path: Path): Diagnostic[] {
  if (raw_value === unknown || secret_name === unknown || isSet(raw_value) !== isSet(secret_name)) return [];
  const got = isSet(raw_value) ? "both are given" : "neither is given";
  return [
    problem(
      path,
      "Where the content comes from is not said",
      `Give raw_value or secret_name; ${got}. [fly/file-source]`,
    ),
  ];
}

function hasChecks(services: Value | undefined, checks: Value | undefined): boolean {
  if (services === unknown || checks === unknown) return true;
  const ofServices = objectsOf(services).some(
    (service) => service.checks === unknown || objectsOf(service.checks).length > 0,
  );
  return ofServices || (isThere(checks) && Object.keys(checks).length > 0);
}

function numbersOf(guest: Value | undefined): { cpu_kind?: string; cpus?: number; memory_mb?: number } {
  if (!isThere(guest) || [guest.cpu_kind, guest.cpus, guest.memory_mb].includes(unknown)) return {};
  const { cpu_kind, cpus, memory_mb } = guest;
  return {
    ...(typeof cpu_kind === "string" && { cpu_kind }),
    ...(typeof cpus === "number" && { cpus }),
    ...(typeof memory_mb === "number" && { memory_mb }),
  };
}

function problem(path: Path, summary: string, detail: string): Diagnostic {
  return { path, summary, detail };
}
