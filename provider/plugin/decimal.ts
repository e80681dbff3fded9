/** True when two decimal texts are the same number: 0.10, 1e-1 and 0.1 are. False when one is no number. */
export function sameDecimal(left: string, right: string): boolean {
  const normal = normalDecimal(left);
  return normal !== undefined && normal === normalDecimal(right);
}

/** The decimal text of a finite double to its last digit, where `String` stops as soon as no other double is nearer. */
export function exactDecimal(double: number): string {
  let exponent = 0;
  let mantissa = double;
  for (; !Number.isInteger(mantissa); mantissa *= 2) exponent += 1;
  return `${BigInt(mantissa) * 5n ** BigInt(exponent)}e-${exponent}`; // m / 2^n is m * 5^n / 10^n
}

/** True when the text that JavaScript prints for a double is the double to the last digit. */
export function isShort(value: number): boolean {
  return sameDecimal(String(value), exactDecimal(value));
}

/** Sign and significant digits, and the power of ten of the last; undefined when the text is no decimal number. */
function normalDecimal(text: string): string | undefined {
  const match = /^([+-]?)(\d+)(?:\.(\d+))?(?:e([+-]?\d+))?$/i.exec(text);
  if (!match) return undefined;
  const [, sign, whole = "", fraction = "", exponent = "0"] = match;
  const significant = (whole + fraction).replace(/^0+/, "");
  const digits = significant.replace(/0+$/, "");
  if (digits === "") return "0";
  const power = Number(exponent) - fraction.length + significant.length - digits.length;
  return `${sign === "-" ? "-" : ""}${digits}e${power}`;
}
