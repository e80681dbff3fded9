/**
 * Fly's regions by code. A region that Fly adds later is one line here.
 *
 * @see https://fly.io/docs/reference/regions/ (read 2026-08)
 */
export const regions: Readonly<Record<string, string>> = {
  ams: "Amsterdam, Netherlands",
  arn: "Stockholm, Sweden",
  bom: "Mumbai, India",
  cdg: "Paris, France",
  dfw: "Dallas, Texas",
  ewr: "Secaucus, New Jersey",
  fra: "Frankfurt, Germany",
  gru: "Sao Paulo, Brazil",
  iad: "Ashburn, Virginia",
  jnb: "Johannesburg, South Africa",
  lax: "Los Angeles, California",
  lhr: "London, United Kingdom",
  nrt: "Tokyo, Japan",
  ord: "Chicago, Illinois",
  sin: "Singapore",
  sjc: "San Jose, California",
  syd: "Sydney, Australia",
  yyz: "Toronto, Canada",
};

/** What is wrong with a region code, with the nearest known one; undefined when Fly knows it. */
export function regionProblem(code: string): string | undefined {
  if (Object.hasOwn(regions, code)) return undefined;
  const near = Object.keys(regions).find((known) => differsByOne(known, code.toLowerCase()));
  const hint = near ? `did you mean "${near}"?` : `use one of ${Object.keys(regions).join(", ")}.`;
  return `"${code}" is not a Fly region; ${hint}`;
}

/** One letter too many, too few, or another. */
function differsByOne(known: string, got: string): boolean {
  if (known === got) return true;
  const without = (text: string) => [...text].map((_, i) => text.slice(0, i) + text.slice(i + 1));
  return (
    without(got).includes(known) ||
    without(known).includes(got) ||
    without(known).some((one) => without(got).includes(one))
  );
}
