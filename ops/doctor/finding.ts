/** One thing that the doctor looked at. */
export interface Examined {
  readonly name: string;
  /** "fail": needed, and missing or unusable. "warn": something works less well without. "manual": nobody but a person can do it or see it. */
  readonly state: "ok" | "warn" | "fail" | "manual";
  /** What was found, in words. */
  readonly says: string;
  /** What to type or do. */
  readonly next?: string;
}
