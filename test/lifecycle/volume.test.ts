import { check } from "./ladder";
import { ref } from "./workshop";

const minimal = { app: ref("fly_app.shop.name"), name: "data", region: "lhr" };
const changed = { ...minimal, size_gb: 3, snapshot_retention: 7, auto_backup_enabled: false };

check({
  type: "fly_volume",
  beside: { fly_app: { shop: { name: "shop" } } },
  minimal,
  changed: { to: changed, shows: ["auto_backup_enabled", "size_gb", "snapshot_retention"] },
  drift: [
    {
      when: "the retention is raised",
      change: ({ workshop, state }) =>
        workshop.call("PUT", `/v1/apps/shop/volumes/${state.id}`, { snapshot_retention: 9 }),
      shows: ["snapshot_retention"],
    },
    {
      when: "backups are switched on",
      change: ({ workshop, state }) =>
        workshop.call("PUT", `/v1/apps/shop/volumes/${state.id}`, { auto_backup_enabled: true }),
      shows: ["auto_backup_enabled"],
    },
  ],
  importId: ({ app, id }) => `${app}/${id}`,
  replaced: { to: { ...changed, region: "ams" }, via: "region" },
  vanish: ({ workshop, state }) => workshop.call("DELETE", `/v1/apps/shop/volumes/${state.id}`),
});
