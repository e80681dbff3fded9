import { certificateView } from "../fly/certificate";
import type { AppRow, CertificateRow } from "../row";
import { timestamp } from "../world";
import type { Fields } from "./resolver";

/** A hostname of an app with its certificate. */
export interface AppCertificate {
  readonly app: AppRow;
  readonly certificate: CertificateRow;
}

/** Fields of a certificate. */
export const certificateFields = {
  id: ({ certificate }) => certificate.id,
  hostname: ({ certificate }) => certificate.hostname,
  configured: ({ certificate }) => certificate.configured,
  isConfigured: ({ certificate }) => certificate.configured,
  acmeAlpnConfigured: ({ certificate }) => certificate.configured,
  acmeDnsConfigured: ({ certificate }) => certificate.configured,
  clientStatus: ({ certificate }) => (certificate.configured ? "Ready" : "Awaiting configuration"),
  createdAt: ({ certificate }) => timestamp(certificate.createdAt),
  dnsProvider: () => null,
  dnsValidationHostname: (row) => challenge(row).name,
  dnsValidationTarget: (row) => challenge(row).target,
  isApex: ({ certificate }) => certificate.hostname.split(".").length === 2,
  isWildcard: ({ certificate }) => certificate.hostname.startsWith("*."),
  source: ({ certificate }) => (certificate.custom ? "custom" : "fly"),
} as const satisfies Fields<AppCertificate>;

const challenge = ({ app, certificate }: AppCertificate) =>
  certificateView(app, certificate).dns_requirements.acme_challenge;
