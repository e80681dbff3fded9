import { X509Certificate } from "node:crypto";
import { createIdentity } from "./certificate";

const now = Date.parse("2026-11-21T12:00:00Z");

test("makes a certificate that vouches for itself", () => {
  const { certificate, certificatePem, keyPem } = createIdentity(now);
  const parsed = new X509Certificate(certificate);
  expect(parsed.verify(parsed.publicKey)).toBe(true);
  expect(parsed.checkIssued(parsed)).toBe(true);
  expect(parsed.raw).toEqual(new X509Certificate(certificatePem).raw);
  expect(keyPem).toContain("BEGIN PRIVATE KEY");
});

test("says what Terraform asks for: localhost, server and client, now", () => {
  const parsed = new X509Certificate(createIdentity(now).certificate);
  expect(parsed).toMatchObject({ subject: "CN=localhost", subjectAltName: "DNS:localhost", ca: true });
  expect(parsed.keyUsage).toEqual(["1.3.6.1.5.5.7.3.1", "1.3.6.1.5.5.7.3.2"]);
  expect(parsed.publicKey.asymmetricKeyDetails).toEqual({ namedCurve: "prime256v1" });
  expect(parsed.validFrom).toBe("Nov 20 12:00:00 2026 GMT");
  expect(parsed.validTo).toBe("Nov 21 12:00:00 2027 GMT");
});

test("never makes the same certificate twice", () => {
  const serials = Array.from({ length: 20 }, () => new X509Certificate(createIdentity(now).certificate).serialNumber);
  expect(new Set(serials).size).toBe(20);
});
