/**
 * Property tests guess the same values in every run, so that what passed lands and what fails can be looked at. To guess others:
 * `PROPERTY_SEED=$RANDOM npx jest <file>`, with `PROPERTY_RUNS` where a test takes it. Costs nothing where a test guesses nothing.
 */
jest.mock("fast-check", () => {
  const fc = jest.requireActual("fast-check");
  fc.configureGlobal({ seed: Number(process.env.PROPERTY_SEED ?? 2026) });
  return fc;
});
