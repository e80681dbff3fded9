/** A budget and what of it is used. */
export interface Judged {
  readonly what: string;
  readonly used: number;
  /** null: none is set. */
  readonly budget: number | null;
  readonly unit: string;
  /** Key of the configuration that sets it. */
  readonly key: string;
  readonly over: boolean;
  /** One sentence. */
  readonly text: string;
}

/** Compares what is used with a budget; undefined: none is set, and nothing is over it. */
export function judge(
  facts: { readonly what: string; readonly used: number; readonly unit: string; readonly key: string },
  budget: number | undefined,
): Judged {
  const { what, unit, key } = facts;
  const used = rounded(facts.used);
  const own = { what, used, unit, key };
  if (budget === undefined) {
    return { ...own, budget: null, over: false, text: `${what}: ${used} ${unit}; no budget is set (${key}).` };
  }
  const over = used > budget;
  const rest = over ? `${rounded(used - budget)} over` : "within";
  return { ...own, budget, over, text: `${what}: ${used} ${unit}, ${rest} the budget of ${budget}.` };
}

const rounded = (number: number): number => Math.round(number * 100) / 100;
