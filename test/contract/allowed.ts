/** Differences from the document that were looked at and stay: operation and status, to the reason. */
export const allowed: Readonly<Record<string, string>> = {};
