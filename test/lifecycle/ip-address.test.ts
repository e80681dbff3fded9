import { check } from "./ladder";
import { ref } from "./workshop";

check({
  type: "fly_ip_address",
  beside: { fly_app: { shop: { name: "shop" } } },
  minimal: { app: ref("fly_app.shop.name"), type: "v6" },
  importId: ({ app, address }) => `${app}/${address}`,
  replaced: { to: { app: ref("fly_app.shop.name"), type: "shared_v4" }, via: "type" },
  vanish: ({ workshop, state }) => workshop.call("DELETE", `/v1/apps/shop/ip_assignments/${state.address}`),
});
