import type { Caller } from "./caller";
import type { Fly } from "./client";
import { appPath, reading, repeatable, unlessMissing, writing } from "./route";
import { arrayOf, record, textIn, under } from "./shape";
import type { Certificate, CertificateSummary, IpAssignment, Secret, SecretsWritten, Volume } from "./types";

const volume = record<Volume>({ id: "string", name: "string", region: "string", size_gb: "number" });
const secret = record<Secret>({ name: "string", digest: "string" });
const address = record<IpAssignment>({ ip: "string" });
const summary = record<CertificateSummary>({ hostname: "string" });
const certificate = record<Certificate>({ hostname: "string" });

export function volumes(caller: Caller): Fly["volumes"] {
  const path = (app: string, ...below: readonly string[]) => appPath(app, "volumes", ...below);
  return {
    list: (app) => caller.send(reading("volume.list", app, path(app), arrayOf(volume))),
    find: (app, id) => unlessMissing(caller.send(reading("volume.get", `${app}/${id}`, path(app, id), volume))),
    create: (app, body) => caller.send(writing("volume.create", app, path(app), volume, { body })),
    update: (app, id, body) =>
      caller.send(
        writing("volume.update", `${app}/${id}`, path(app, id), volume, { method: "PUT", body, repeat: "any" }),
      ),
    extend: async (app, id, sizeGb) => {
      const rest = { method: "PUT", body: { size_gb: sizeGb }, repeat: "any" } as const;
      const shape = record<{ volume: Volume; needs_restart?: boolean }>({ volume: "object" });
      const answer = await caller.send(writing("volume.extend", `${app}/${id}`, path(app, id, "extend"), shape, rest));
      return { volume: answer.volume, needs_restart: answer.needs_restart === true };
    },
    delete: async (app, id) => {
      const call = repeatable("volume.delete", `${app}/${id}`, path(app, id), { method: "DELETE" });
      await unlessMissing(caller.send(call));
    },
  };
}

export function secrets(caller: Caller): Fly["secrets"] {
  const path = (app: string) => appPath(app, "secrets");
  const written = record<SecretsWritten>({ secrets: "array", version: "number" });
  return {
    list: async (app) =>
      (await caller.send(reading("secret.list", app, path(app), under("secrets", arrayOf(secret))))).secrets,
    set: (app, values) => {
      const hidden = Object.values(values).filter((value) => value !== null);
      return caller.send(
        writing("secret.set", app, path(app), written, { body: { values }, repeat: "any", secrets: hidden }),
      );
    },
  };
}

export function addresses(caller: Caller): Fly["addresses"] {
  const path = (app: string, ...below: readonly string[]) => appPath(app, "ip_assignments", ...below);
  return {
    list: async (app) =>
      (await caller.send(reading("address.list", app, path(app), under("ips", arrayOf(address))))).ips,
    allocate: (app, body) => caller.send(writing("address.allocate", app, path(app), address, { body })),
    release: async (app, ip) => {
      const call = repeatable("address.release", app, path(app, ip), { method: "DELETE" });
      await unlessMissing(caller.send(call));
    },
  };
}

export function certificates(caller: Caller): Fly["certificates"] {
  const path = (app: string, ...below: readonly string[]) => appPath(app, "certificates", ...below);
  return {
    list: async (app) => {
      const found: CertificateSummary[] = [];
      let cursor: string | undefined;
      do {
        const page = await caller.send(
          reading("certificate.read", app, path(app), under("certificates", arrayOf(summary)), {
            query: { limit: 500, cursor },
          }),
        );
        found.push(...page.certificates);
        cursor = textIn(page, "next_cursor");
      } while (cursor);
      return found;
    },
    find: (app, hostname) =>
      unlessMissing(caller.send(reading("certificate.read", app, path(app, hostname), certificate))),
    create: (app, hostname) =>
      caller.send(writing("certificate.create", app, path(app, "acme"), certificate, { body: { hostname } })),
    delete: async (app, hostname) => {
      const call = repeatable("certificate.delete", app, path(app, hostname), { method: "DELETE" });
      await unlessMissing(caller.send(call));
    },
  };
}
