import { check } from "./ladder";
import { ref } from "./workshop";

const app = ref("fly_app.shop.name");
const sources = { DATABASE_URL: { env: ["TEST_DATABASE_URL"] }, API_KEY: { env: ["TEST_KEY_A", "TEST_KEY_B"] } };
const more = { ...sources, COOKIE: { command: ["printf", "from a command"] } };

check({
  type: "fly_secrets",
  beside: { fly_app: { shop: { name: "shop" }, other: { name: "other" } } },
  env: { TEST_DATABASE_URL: "postgres://canary-1", TEST_KEY_B: "canary-2" },
  minimal: { app, sources },
  changed: { to: { app, sources: more }, shows: ["sources", "version?"] },
  drift: [
    {
      when: "a secret is changed",
      change: ({ workshop }) => workshop.call("POST", "/v1/apps/shop/secrets", { values: { API_KEY: "theirs" } }),
      shows: ["status", "version?"],
    },
    {
      when: "a secret is removed",
      change: ({ workshop }) => workshop.call("DELETE", "/v1/apps/shop/secrets/COOKIE"),
      shows: ["status", "version?"],
    },
    {
      when: "a source is rotated",
      change: ({ workshop }) => {
        workshop.env.TEST_KEY_B = "canary-3";
      },
      shows: ["status", "version?"],
    },
  ],
  importId: ({ app }) => String(app),
  replaced: { to: { app: ref("fly_app.other.name"), sources }, via: "app" },
});
