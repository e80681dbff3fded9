export { addressesFrom, isLoopback } from "./address";
export type { Fenced, Fly, FlyReader } from "./client";
export { type Clock, systemClock } from "./clock";
export { asReader, createFly } from "./create-fly";
export { FlyError } from "./error";
export { memoize } from "./memoize";
export type * from "./types";
