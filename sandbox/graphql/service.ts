import type { AppRow } from "../row";
import { liveMachines } from "../store";

/** The services of an app: those of its newest machine. */
export function appServices(app: AppRow) {
  const services = liveMachines(app).at(-1)?.config.services ?? [];
  return services.map(({ protocol, internal_port, ports = [] }) => ({
    description: `${protocol} ${internal_port}`,
    protocol: (protocol ?? "tcp").toUpperCase(),
    internalPort: internal_port,
    ports: ports.map(({ port, start_port, end_port, handlers = [] }) => ({
      port,
      startPort: start_port,
      endPort: end_port,
      handlers: handlers.map((handler) => handler.toUpperCase()).filter((handler) => handler !== "TCP"),
    })),
  }));
}
