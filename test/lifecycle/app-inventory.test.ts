import { check } from "./ladder";
import { ref } from "./workshop";

const app = ref("fly_app.shop.name");
const policy = {
  secret: "remove",
  address: "remove",
  volume: "remove",
  machine: "remove",
  group: "remove",
  certificate: "remove",
};
const minimal = { app, policy };
const changed = { ...minimal, secrets: ["TOKEN"] };
const machine = { config: { image: "nginx" }, region: "lhr" };

check({
  type: "fly_app_inventory",
  beside: { fly_app: { shop: { name: "shop" }, other: { name: "other" } } },
  minimal,
  changed: { to: changed, shows: ["secrets"] },
  drift: [
    {
      when: "somebody sets a secret",
      change: ({ workshop }) => workshop.call("POST", "/v1/apps/shop/secrets", { values: { TOKEN: "1", EXTRA: "2" } }),
      shows: ["undeclared"],
    },
    {
      when: "somebody makes an address, a certificate and a volume",
      change: async ({ workshop }) => {
        await workshop.call("POST", "/v1/apps/shop/ip_assignments", { type: "v4" });
        await workshop.call("POST", "/v1/apps/shop/certificates/acme", { hostname: "shop.example.org" });
        await workshop.call("POST", "/v1/apps/shop/volumes", { name: "data", region: "lhr", size_gb: 1 });
      },
      shows: ["undeclared"],
    },
    {
      when: "somebody makes machines, of no group and of an undeclared one",
      change: async ({ workshop }) => {
        const metadata = { fly_platform_version: "v2", fly_process_group: "worker" };
        await workshop.call("POST", "/v1/apps/shop/machines", machine);
        await workshop.call("POST", "/v1/apps/shop/machines", { ...machine, config: { ...machine.config, metadata } });
      },
      shows: ["undeclared"],
    },
  ],
  importId: ({ app }) => String(app),
  replaced: { to: { app: ref("fly_app.other.name"), policy }, via: "app" },
});
