import type { Machine, MachineConfig } from "../../api/fly";

/** A machine that is to be. */
export interface NewMachine {
  /** Unique in its app, and the same when the work is repeated: a create that was cut off finds its own by it. */
  readonly name: string;
  readonly region: string;
  /** What an earlier attempt made for this: used instead of another. */
  readonly existing?: Machine;
  /** Asked when the machine is about to be made, when it may find or make a volume; or for one that is there already. */
  config(existing?: Machine): Promise<MachineConfig>;
  /** After a refusal for lack of room: the config with a volume on another host; undefined: there is no other way. */
  elsewhere?(config: MachineConfig): Promise<MachineConfig | undefined>;
  /** Whether a machine found under the name is already what is wanted. */
  fits(machine: Machine): boolean;
  /** Digest that the image must resolve to: a tag may have moved since the group got it. */
  readonly digest?: string;
}

/** One thing to do to one machine. */
export type Change =
  | { readonly kind: "create"; readonly by: NewMachine }
  | Update
  /** A new machine in its stead: made and healthy first, then the old one is destroyed. */
  | { readonly kind: "replace"; readonly machine: Machine; readonly by: NewMachine }
  | { readonly kind: "start"; readonly machine: Machine }
  /** Has the config already; an earlier roll-out was cut off before it was healthy. */
  | { readonly kind: "verify"; readonly machine: Machine }
  | { readonly kind: "uncordon"; readonly machine: Machine }
  | { readonly kind: "remove"; readonly machine: Machine };

export interface Update {
  readonly kind: "update";
  /** As it was read; its config, image and version are what a failure brings back. */
  readonly machine: Machine;
  /** The whole new config, made from the live one: what the caller does not know of it is kept. */
  config(live: Machine): MachineConfig;
  /** Whether the machine is already what is wanted. */
  fits(live: Machine): boolean;
  /** false: the config is applied and the machine stays asleep. */
  readonly launch: boolean;
  /** Digest that the image must resolve to: a tag may have moved since the group got it. */
  readonly digest?: string;
  /** Takes its place where the host has no room; absent for a machine with a volume, which is bound to its host. */
  readonly instead?: () => NewMachine;
}

/** How changes reach the machines. */
export type Strategy = "rolling" | "canary" | "bluegreen" | "immediate";

/** States in which a machine runs, or is about to. */
const running = new Set(["started", "starting", "restarting", "replacing", "updating"]);

/** Whether the machine runs, or is about to. */
export function isRunning(machine: Machine): boolean {
  return running.has(machine.state);
}

/** Whether traffic may reach the machine. */
export function isServing(machine: Machine): boolean {
  return machine.state === "started" && machine.cordoned !== true && (machine.host_status ?? "ok") === "ok";
}

/** "web-ord-1 (148e…)", as messages name a machine. */
export function label({ name, id }: Pick<Machine, "name" | "id">): string {
  return `${name} (${id})`;
}
