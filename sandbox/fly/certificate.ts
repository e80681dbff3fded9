import { Hono } from "hono";
import { z } from "zod";
import { readBody } from "../body";
import { ApiError, invalid, notFound } from "../error";
import type { AppRow, CertificateRow } from "../row";
import { type Env, timestamp, type World } from "../world";

const acmeBody = z.strictObject({ hostname: z.string() });
const customBody = acmeBody.extend({ fullchain: z.string().min(1), private_key: z.string().min(1) });
const hostnameForm = /^(\*\.)?([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z]{2,63}$/;
const validityMs = 90 * 24 * 3600 * 1000;

/** Certificates of an app. Their hostnames wait for the user's DNS. */
export function certificateRoutes(world: World) {
  const find = (app: AppRow, hostname: string) => getCertificate(app, hostname);
  return new Hono<Env>()
    .get("/", (c) => c.json(page(c.get("app"), c.req.query())))
    .post("/acme", async (c) => {
      const { hostname } = await readBody(c, acmeBody);
      return c.json(certificateView(c.get("app"), createCertificate(world, c.get("app"), hostname)), 201);
    })
    .post("/custom", async (c) => {
      const { hostname } = await readBody(c, customBody);
      const row = createCertificate(world, c.get("app"), hostname, { custom: true });
      return c.json(certificateView(c.get("app"), row), 201);
    })
    .get("/:hostname", (c) => c.json(certificateView(c.get("app"), find(c.get("app"), c.req.param("hostname")))))
    .post("/:hostname/check", (c) => {
      const view = certificateView(c.get("app"), find(c.get("app"), c.req.param("hostname")));
      const { a, aaaa } = view.configured ? view.dns_requirements : { a: [], aaaa: [] };
      return c.json({ ...view, dns_records: { a, aaaa, cname: [], soa: "" } });
    })
    .delete("/:hostname", (c) => {
      const { hostname } = find(c.get("app"), c.req.param("hostname"));
      c.get("app").certificates.delete(hostname);
      world.store.touch();
      return c.body(null, 204);
    })
    .delete("/:hostname/:source{acme|custom}", (c) => {
      const row = find(c.get("app"), c.req.param("hostname"));
      if (c.req.param("source") === "acme") row.acmeRequested = false;
      else row.custom = false;
      world.store.touch();
      return c.json(certificateView(c.get("app"), row));
    });
}

/** Asks for a certificate, or takes the user's own. @throws 422 bad hostname, or one the app already has */
export function createCertificate(
  world: World,
  app: AppRow,
  hostname: string,
  { custom = false } = {},
): CertificateRow {
  const name = hostname.toLowerCase();
  if (!hostnameForm.test(name) || name.endsWith(".fly.dev")) {
    throw new ApiError(422, `Validation failed: Hostname "${hostname}" is invalid`);
  }
  const before = app.certificates.get(name);
  if (before && (custom ? before.custom : before.acmeRequested)) {
    throw new ApiError(422, "Validation failed: Hostname already exists for this app");
  }
  const now = world.clock.now();
  const row: CertificateRow = before ?? {
    id: world.ids.hex(20),
    hostname: name,
    acmeRequested: false,
    custom: false,
    configured: false,
    createdAt: now,
    updatedAt: now,
  };
  if (custom) row.custom = true;
  else row.acmeRequested = true;
  row.updatedAt = now;
  app.certificates.set(name, row);
  world.store.touch();
  return row;
}

/** A certificate in full, with what the user's DNS must hold. */
export function certificateView(app: AppRow, row: CertificateRow) {
  const { hostname, configured, acmeRequested, createdAt } = row;
  const addresses = [...app.addresses.values()].filter(({ type }) => ["v4", "v6", "shared_v4"].includes(type));
  const zone = hostname.replace(/^\*\./, "");
  const issuedUntil = timestamp(createdAt + validityMs);
  const source = (kind: "custom" | "fly") => ({
    source: kind,
    status: configured || kind === "custom" ? "active" : status(row),
    created_at: timestamp(createdAt),
    expires_at: issuedUntil,
    issuer: kind === "fly" ? "Let's Encrypt" : "unknown",
    issued: ["rsa", "ecdsa"].map((type) => ({ type, expires_at: issuedUntil, certificate_authority: "lets_encrypt" })),
  });
  return {
    hostname,
    configured,
    acme_requested: acmeRequested,
    status: status(row),
    dns_provider: "",
    rate_limited_until: null,
    certificates: [...(row.custom ? [source("custom")] : []), ...(acmeRequested && configured ? [source("fly")] : [])],
    validation: {
      dns_configured: configured,
      alpn_configured: configured,
      http_configured: configured,
      ownership_txt_configured: configured,
    },
    dns_requirements: {
      a: addresses.filter(({ ip }) => ip.includes(".")).map(({ ip }) => ip),
      aaaa: addresses.filter(({ ip }) => ip.includes(":")).map(({ ip }) => ip),
      cname: `${app.name}.fly.dev`,
      acme_challenge: { name: `_acme-challenge.${zone}`, target: `${zone}.${row.id.slice(0, 6)}.flydns.net` },
      ownership: { name: `_fly-ownership.${zone}`, app_value: `app-${app.id}`, org_value: `org-${app.org}` },
    },
    validation_errors: [],
  };
}

/** A certificate as the listing shows it. */
function certificateSummary(row: CertificateRow) {
  const { hostname, configured, acmeRequested, custom, createdAt, updatedAt } = row;
  return {
    hostname,
    status: status(row),
    configured,
    acme_requested: acmeRequested,
    acme_dns_configured: configured,
    acme_alpn_configured: configured,
    acme_http_configured: configured,
    ownership_txt_configured: configured,
    has_custom_certificate: custom,
    has_fly_certificate: acmeRequested && configured,
    dns_provider: "",
    created_at: timestamp(createdAt),
    updated_at: timestamp(updatedAt),
  };
}

const status = ({ configured, custom }: CertificateRow) => {
  if (configured) return "active";
  return custom ? "pending_ownership" : "pending_validation";
};

function page(app: AppRow, { filter = "", cursor = "", limit = "25" }: Record<string, string>) {
  const size = Number(limit);
  if (!Number.isInteger(size) || size < 1 || size > 500) throw invalid("limit: expected a number from 1 to 500");
  const chosen = [...app.certificates.values()].filter(({ hostname }) => hostname.includes(filter));
  chosen.sort((a, b) => (a.hostname < b.hostname ? -1 : 1));
  const from = cursor ? chosen.findIndex(({ hostname }) => hostname > cursor) : 0;
  const rows = from < 0 ? [] : chosen.slice(from, from + size);
  const more = from >= 0 && from + size < chosen.length;
  return {
    certificates: rows.map(certificateSummary),
    next_cursor: more ? (rows.at(-1)?.hostname ?? "") : "",
    total_count: chosen.length,
  };
}

/** The certificate of a hostname. @throws 404 when the app has none */
export function getCertificate(app: AppRow, hostname: string): CertificateRow {
  const row = app.certificates.get(hostname.toLowerCase());
  if (!row) throw notFound(`certificate for ${hostname} not found`);
  return row;
}
