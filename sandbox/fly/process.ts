import type { MachineRow } from "../row";

/**
 * What runs in a machine: nothing, or its main process, which listens where its services expect it.
 * An image tagged `crash…` ends before it listens.
 */
export function processes({ state, config, imageRef }: MachineRow) {
  if (state !== "started" || imageRef.tag?.startsWith("crash")) return [];
  const ports = new Set((config.services ?? []).map(({ internal_port }) => internal_port));
  return [
    {
      pid: 300,
      stime: 1,
      rtime: 1,
      command: config.init.cmd?.join(" ") || "main",
      directory: "/app",
      cpu: 0,
      rss: 33_554_432,
      listen_sockets: [...ports].map((port) => ({ proto: "tcp", address: `0.0.0.0:${port}` })),
    },
  ];
}
