import type { Overrides } from "./override";

/** Where this checkout departs from HotDash's defaults. Every key, its meaning and its default: override.ts. */
export const overrides: Overrides = {};
