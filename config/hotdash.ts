import { chatwoot } from "./chatwoot";
import { delivery } from "./delivery";
import { preview } from "./preview";
import { production } from "./production";
import { repository } from "./repository";
import type { Configuration } from "./schema";
import { staging } from "./staging";

/** HotDash as it is to be; overrides are in override.ts. */
export const hotDash: Configuration = {
  organization: { slug: "hotdash", name: "HotDash" },
  state: { backend: "local", allowLocal: false },
  allowedRegions: ["ord", "iad", "sjc"],
  secrets: {
    groups: {
      "SHOPIFY_*": ["SHOPIFY_API_KEY", "SHOPIFY_API_SECRET"],
      DATABASE_URL: ["DATABASE_URL"],
      "SUPABASE_*": ["SUPABASE_URL", "SUPABASE_SERVICE_KEY"],
      "CHATWOOT_*": [],
    },
    expectedCount: 9,
    vaultPath: "vault/occ/**",
    bare: [],
    runtimeStore: "fly",
  },
  repository,
  delivery,
  environments: { production, staging, chatwoot, preview },
};
