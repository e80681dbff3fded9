export { type Addresses, addressesFrom, isLoopback } from "./address";
export { Budget } from "./budget";
export type { Fenced, Fly, FlyReader, WaitOptions } from "./client";
export { type Clock, systemClock } from "./clock";
export { asReader, createFly, type FlyOptions } from "./create-fly";
export { FlyError, type FlyErrorKind } from "./error";
export { type MemoizedReader, memoize } from "./memoize";
export type * from "./types";
