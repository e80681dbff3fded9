import { check } from "./ladder";

check({
  type: "fly_app",
  minimal: { name: "shop" },
  changed: { to: { name: "shop", deletion_protection: true }, shows: ["deletion_protection"] },
  importId: ({ name }) => String(name),
  replaced: {
    first: { name: "shop", deletion_protection: false },
    to: { name: "shop-2", deletion_protection: false },
    via: "name",
  },
  vanish: ({ workshop }) => workshop.sandbox.control.tamper({ kind: "app-vanished", app: "shop-2" }),
});
