import { machineAttributes } from "./attributes";
import type { JsonObject } from "./canonical";
import { differences } from "./difference";
import { keepUnknown, readObject, writeObject } from "./wire";

const { services, guest, restart, dns } = machineAttributes;
const schema = { services, guest, restart, dns };

const sent: JsonObject = {
  services: [
    {
      internal_port: 3000,
      autostop: "stop",
      ports: [{ port: 443, handlers: ["tls", "http"] }],
      checks: [{ type: "http", interval: "60s", path: "/health" }],
    },
  ],
};

describe("the wire form", () => {
  it("reads back as nothing different, however Fly rewrites it", () => {
    const live: JsonObject = {
      guest: { cpu_kind: "shared", cpus: 1, memory_mb: 256 },
      restart: { policy: "on-failure", max_retries: 10 },
      dns: {},
      services: [
        {
          protocol: "tcp",
          internal_port: 3000,
          autostop: true,
          autostart: true,
          force_instance_key: null,
          ports: [{ port: 443, handlers: ["http", "tls"], force_https: false }],
          checks: [
            { type: "http", interval: 60e9, timeout: "10s", grace_period: "10s", method: "get", path: "/health" },
          ],
        },
      ],
    };
    const { value, unknownFields } = readObject(schema, live);
    expect(differences(schema, sent, value)).toEqual([]);
    expect(unknownFields).toEqual([]);
  });

  it("leaves out what says nothing and sends autostart and autostop always", () => {
    expect(writeObject(schema, sent)).toEqual({
      guest: { cpu_kind: "shared", cpus: 1, memory_mb: 256 },
      restart: { policy: "on-failure", max_retries: 10 },
      services: [
        {
          protocol: "tcp",
          internal_port: 3000,
          autostop: "stop",
          autostart: true,
          concurrency: { type: "connections", soft_limit: 20 },
          ports: [{ port: 443, handlers: ["tls", "http"] }],
          checks: [
            {
              type: "http",
              interval: "60s",
              timeout: "10s",
              grace_period: "10s",
              method: "GET",
              path: "/health",
              protocol: "http",
            },
          ],
        },
      ],
    });
  });

  it("reports and keeps what the schema does not name, at every depth", () => {
    const base: JsonObject = {
      services: [
        { protocol: "tcp", internal_port: 3000, force_instance_description: "blue", ports: [{ port: 443, novel: 1 }] },
      ],
      standbys: ["148e"],
      spot: {},
      dns: { novel: "x" },
    };
    expect(readObject(schema, base).unknownFields).toEqual([
      "services[0].force_instance_description",
      "services[0].ports[0].novel",
      "standbys",
      "dns.novel",
    ]);
    const kept = keepUnknown(schema, base, writeObject(schema, sent));
    expect(kept).toMatchObject({
      standbys: ["148e"],
      dns: { novel: "x" },
      services: [{ force_instance_description: "blue", autostop: "stop", ports: [{ port: 443, novel: 1 }] }],
    });
    expect(kept).not.toHaveProperty("spot");
  });

  it("names what differs, was removed and was added", () => {
    const live: JsonObject = {
      services: [{ ...(sent.services as JsonObject[])[0], checks: [], autostop: false }, { internal_port: 9000 }],
      guest: { memory_mb: 512 },
    };
    expect(differences(schema, sent, readObject(schema, live).value).map(({ text }) => text)).toEqual([
      "services[tcp 3000].autostop is off, declared stop",
      "services[tcp 3000].checks[http] is absent, declared",
      "services[tcp 9000] is not declared",
      "guest.memory_mb is 512, declared 256",
    ]);
  });
});
