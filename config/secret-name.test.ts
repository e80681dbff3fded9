import { isSecretName, looksLikeSecretValue, stackPrefix } from "./secret-name";

test.each(["DATABASE_URL", "A", "SHOPIFY_API_KEY2"])("takes %s for a name", (text) => {
  expect(isSecretName(text)).toBe(true);
});

test.each([
  "postgres://u:p@h/db",
  "AKIAIOSFODNN7EXAMPLE",
  "sk_live_1234",
  "shpat_abc",
  "database_url",
  "",
  "1A",
  "A".repeat(65),
])("does not take %j for a name", (text) => {
  expect(isSecretName(text)).toBe(false);
});

test.each(["postgres://user:word@host/db", "ghp_abcdef", "fo1_abc", "FlyV1 fm2_x", "-----BEGIN RSA PRIVATE KEY-----"])(
  "takes %j for a value",
  (text) => {
    expect(looksLikeSecretValue(text)).toBe(true);
  },
);

test.each(["https://hot-dash.fly.dev/a?b=c@d", "production", "postgres", "3000", "https://host:443/path"])(
  "sees no secret in %j",
  (text) => {
    expect(looksLikeSecretValue(text)).toBe(false);
  },
);

test.each([
  ["staging", "STAGING_"],
  ["preview-42", "PREVIEW_"],
  ["shop-eu", "SHOP_EU_"],
])("gives stack %s the prefix %s", (stack, prefix) => {
  expect(stackPrefix(stack)).toBe(prefix);
});
