/** Version of this package: of `infra` and of the provider alike. */
export { packageVersion } from "../synth/package-root";
