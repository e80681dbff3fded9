import { environmentNames } from "../../config/configuration-rule";
import type { Configuration, Environment } from "../../config/schema";

/** An address that is asked from outside, and what it has to answer besides status 200. */
export interface ProbeTarget {
  /** Name of the environment: "production". */
  readonly name: string;
  /** Its Fly app. */
  readonly app: string;
  readonly url: string;
  /** Texts that the body has to hold, whatever spaces stand between the words of its JSON. */
  readonly holds: readonly string[];
  /** An answer that takes longer counts as a failure. @default the time after which the probe gives up */
  readonly maxResponseMs?: number;
}

/** What is probed: the health path of every permanent environment. */
export const probeTargets = ({ environments }: Configuration): readonly ProbeTarget[] =>
  environmentNames.flatMap((name) => {
    const environment = environments[name];
    if (!environment || environment.lifetime === "temporary") return [];
    const { maxResponseMs, healthBody = [] } = environment.beyondFly ?? {};
    return [
      {
        name,
        app: environment.app,
        url: `${environment.url}${healthPath(environment)}`,
        holds: healthBody,
        ...(maxResponseMs !== undefined && { maxResponseMs }),
      },
    ];
  });

/** Path of the first HTTP check of an environment; "/" where it has none. */
function healthPath({ groups }: Environment): string {
  const checks = Object.values(groups).flatMap(({ services = [] }) => services.flatMap((one) => one.checks ?? []));
  return checks.find(({ type }) => type === "http")?.path ?? "/";
}
