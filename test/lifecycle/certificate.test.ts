import { check } from "./ladder";
import { ref } from "./workshop";

check({
  type: "fly_certificate",
  beside: { fly_app: { shop: { name: "shop" } } },
  minimal: { app: ref("fly_app.shop.name"), hostname: "Shop.example.org" },
  importId: ({ app, hostname }) => `${app}/${hostname}`,
  replaced: { to: { app: ref("fly_app.shop.name"), hostname: "*.example.org" }, via: "hostname" },
  vanish: ({ workshop }) => workshop.call("DELETE", "/v1/apps/shop/certificates/*.example.org"),
});
