import { generateKeyPairSync, randomBytes, sign } from "node:crypto";

/** A certificate that vouches for itself, and its key. */
export interface Identity {
  /** The certificate as bytes, as it goes into the handshake line. */
  readonly certificate: Buffer;
  readonly certificatePem: string;
  readonly keyPem: string;
}

/**
 * Makes a self-signed certificate for `localhost` with a new EC P-256 key, valid from a day before `now` for a year.
 *
 * Its shape never changes, so its DER is written here: an X.509 library takes longer to load than all the rest of the start.
 * Terraform's TLS (Go's crypto/x509) wants the name in subjectAltName and the use as a server among the uses (RFC 5280).
 */
export function createIdentity(now: number = Date.now()): Identity {
  const { publicKey, privateKey } = generateKeyPairSync("ec", { namedCurve: "prime256v1" });
  const signed = sequence(
    der(0xa0, integer(Buffer.of(2))), // version 3
    integer(Buffer.concat([Buffer.of(0x40), randomBytes(15)])),
    ecdsaWithSha256,
    localhost, // issuer
    sequence(time(now - dayMs), time(now + 365 * dayMs)),
    localhost, // subject
    publicKey.export({ type: "spki", format: "der" }),
    extensions(),
  );
  const certificate = sequence(signed, ecdsaWithSha256, bits(sign("sha256", signed, privateKey)));
  return {
    certificate,
    certificatePem: `-----BEGIN CERTIFICATE-----\n${certificate.toString("base64")}\n-----END CERTIFICATE-----\n`,
    keyPem: privateKey.export({ type: "pkcs8", format: "pem" }).toString(),
  };
}

const dayMs = 24 * 60 * 60 * 1000;

/** A DER element: tag, length, content. Nothing here is longer than 64 KB. */
function der(tag: number, ...content: readonly Buffer[]): Buffer {
  const body = Buffer.concat(content);
  const { length } = body;
  const head = length < 0x80 ? [length] : length < 0x100 ? [0x81, length] : [0x82, length >> 8, length & 0xff];
  return Buffer.concat([Buffer.of(tag, ...head), body]);
}

const sequence = (...content: readonly Buffer[]) => der(0x30, ...content);
const integer = (content: Buffer) => der(0x02, content);
const oid = (hex: string) => der(0x06, Buffer.from(hex, "hex"));
const octets = (content: Buffer) => der(0x04, content);
/** A bit string; the first byte says how many of the last bits do not count. */
const bits = (content: Buffer, unused = 0) => der(0x03, Buffer.of(unused), content);
/** UTCTime, whose two digits of the year hold until 2049: YYMMDDhhmmssZ. */
const time = (ms: number) => der(0x17, Buffer.from(new Date(ms).toISOString().replace(/^..|[-:T]|\.\d+/g, "")));

const critical = der(0x01, Buffer.of(0xff));
const ecdsaWithSha256 = sequence(oid("2a8648ce3d040302"));
const localhost = sequence(der(0x31, sequence(oid("550403"), der(0x0c, Buffer.from("localhost")))));

function extensions(): Buffer {
  const isAuthority = sequence(oid("551d13"), critical, octets(sequence(critical)));
  const keyUsage = sequence(oid("551d0f"), critical, octets(bits(Buffer.of(0x84), 2))); // signs data and certificates
  const serverAndClient = sequence(oid("2b06010505070301"), oid("2b06010505070302"));
  const extendedKeyUsage = sequence(oid("551d25"), octets(serverAndClient));
  const names = sequence(oid("551d11"), octets(sequence(der(0x82, Buffer.from("localhost")))));
  return der(0xa3, sequence(isAuthority, keyUsage, extendedKeyUsage, names));
}
