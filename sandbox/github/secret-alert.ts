import { Hono } from "hono";
import { z } from "zod";
import { notFound } from "../error";
import type { World } from "../world";
import { simpleUser } from "./account";
import { at, type GithubContext, type GithubEnv, page, pageUrl, repositoryUrl } from "./context";
import { GithubError } from "./error";
import type { SecretAlertRow } from "./row";
import { findRepository } from "./state";

/**
 * Alerts of secret scanning, newest first. No value is kept, so that none can be shown: `secret` is left out as with `hide_secret`.
 *
 * @see https://docs.github.com/rest/secret-scanning/secret-scanning (read 2026-11)
 */
export function secretAlertRoutes(world: World) {
  return new Hono<GithubEnv>().get("/alerts", (c) => {
    const { security, secretAlerts = [] } = c.get("repository");
    if (security.secret_scanning !== "enabled") {
      throw new GithubError(404, "Secret scanning is disabled on this repository.");
    }
    const { state } = c.req.query();
    const shown = secretAlerts.filter((alert) => !state || stateOf(alert) === state).reverse();
    return c.json(page(c, shown).map((alert) => alertView(world, c, alert)));
  });
}

const stateOf = ({ resolution }: SecretAlertRow) => (resolution === null ? ("open" as const) : ("resolved" as const));

/** An alert as the REST API shows it. */
export function alertView(world: World, c: GithubContext, alert: SecretAlertRow) {
  const { number, type, resolution, resolvedBy, createdAt, resolvedAt } = alert;
  const url = repositoryUrl(c, c.get("repository"), `/secret-scanning/alerts/${number}`);
  return {
    number,
    created_at: at(createdAt),
    url,
    html_url: pageUrl(c.get("repository"), `/security/secret-scanning/${number}`),
    locations_url: `${url}/locations`,
    state: stateOf(alert),
    resolution,
    resolved_at: resolvedAt === undefined ? null : at(resolvedAt),
    resolved_by: resolvedBy === undefined ? null : simpleUser(world.store.state.github, c, resolvedBy),
    secret_type: type,
    secret_type_display_name: type.replaceAll("_", " "),
    push_protection_bypassed: false,
    push_protection_bypassed_by: null,
    push_protection_bypassed_at: null,
  };
}

/** Secret scanning finds something, or somebody resolves what it found. */
export const secretAlertTamperSchema = z.strictObject({
  kind: z.literal("secret-alert"),
  /** `owner/name`. */
  repository: z.string().regex(/^[^/]+\/[^/]+$/),
  /** Such as `fly_api_token`. */
  type: z.string(),
  /** Who resolves the newest open one of that type, and how; absent: a new one is found. */
  resolved: z
    .strictObject({ by: z.string(), as: z.enum(["false_positive", "wont_fix", "revoked", "used_in_tests"]) })
    .optional(),
});

/** @throws ApiError 404 for what does not exist */
export function tamperSecretAlert(world: World, change: z.output<typeof secretAlertTamperSchema>): void {
  const [owner = "", name = ""] = change.repository.split("/");
  const repository = findRepository(world.store.state.github, owner, name);
  if (!repository) throw notFound(`repository ${change.repository} not found`);
  const now = world.clock.now();
  repository.secretAlerts ??= [];
  const { secretAlerts: alerts } = repository;
  const { type, resolved } = change;
  if (!resolved) {
    alerts.push({ number: alerts.length + 1, type, resolution: null, createdAt: now });
    return;
  }
  const open = alerts.findLast((alert) => alert.type === type && alert.resolution === null);
  if (!open) throw notFound(`no open alert of type ${type}`);
  Object.assign(open, { resolution: resolved.as, resolvedBy: resolved.by, resolvedAt: now });
}
