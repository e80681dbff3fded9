import { randomUUID } from "node:crypto";
import type { FlyReader } from "../../../api/fly/client";
import { FlyError } from "../../../api/fly/error";
import type { App } from "../../../api/fly/types";
import { bool, type Diagnostic, type Known, Problem, string } from "../../framework";
import { type FlyContext, flyResource } from "../fly-resource";
import { isKept, ownerOf, unlessGone } from "../ownership";
import { exists, importCommand } from "../problem";

/** A name on Fly's one namespace for all apps. */
const appName = /^[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?$/;

const attributes = {
  name: string("required", {
    doc: "Name of the app: lower-case letters, digits and hyphens, at most 63. One namespace for all of Fly; it becomes <name>.fly.dev.",
    replace: true,
    check: (name) =>
      appName.test(name)
        ? undefined
        : `"${name}" is not an app name; use lower-case letters, digits and hyphens, at most 63, no hyphen at the ends [fly/app-name]`,
  }),
  id: string("computed", { doc: "The app's name.", default: ({ name = null }) => name }),
  organization: string("optional+computed", {
    doc: "Slug of the organization that owns the app. Default: the provider's `organization`.",
    replace: true,
    keep: true,
  }),
  network: string("optional+computed", {
    doc: 'Name of the private network the app is in. Default: "", the network of the organization.',
    replace: true,
    default: "",
    equal: (a, b) => networkOf(a) === networkOf(b),
  }),
  hostname: string("computed", {
    doc: "Host name that Fly gives the app.",
    default: ({ name = null }) => (typeof name === "string" ? `${name}.fly.dev` : null),
  }),
  deletion_protection: bool("optional+computed", {
    doc: "While true, a plan that destroys the app is refused. Left out: false for a new app; an imported app is protected until the configuration says false.",
    keep: true,
  }),
};

type State = Known<typeof attributes>;

/** What makes an app another app. */
const identity = ["name", "organization", "network"];

/** Private state: the app's name. Terraform hands it on to the plan of a replacement, not to that of a new app. */
const seen = "seen";

/** An app: a name, a private network and an owner, for machines and all else that has an app. */
export const app = flyResource({
  type: "fly_app",
  summary: "An app: a name, a private network and an owner, for machines and all else that belongs to an app.",
  attributes,
  importKey: { format: "app", parse: (id) => (appName.test(id) ? { name: id } : undefined) },

  async plan(fly, { action, config, prior, planned }, context) {
    if (action === "delete") {
      if (prior?.deletion_protection === true) throw new Problem(protectedApp(String(prior.name)));
      return;
    }
    if (!planned || !config) return;
    const { organization } = context.settings;
    if (config.organization === null) planned.organization = organization ?? prior?.organization ?? null;
    if (planned.organization === null) throw new Problem(organizationMissing);
    if (prior) {
      const replaced = identity.some((name) => planned[name] !== prior[name]);
      if (replaced && prior.deletion_protection === true) throw new Problem(protectedApp(String(prior.name)));
      return;
    }
    if (config.deletion_protection === null) planned.deletion_protection = false;
    // Of a replacement under the same name the app is there until the apply destroys it.
    if (typeof planned.name !== "string" || context.private.get(seen) === planned.name) return;
    if (typeof planned.organization === "string") await checkFree(fly, planned.name, planned.organization, context);
  },

  async read(fly, { name, deletion_protection }, context) {
    const found = await fly.apps.find(name);
    context.private.set(seen, name);
    return found && toState(found, context.imported ? true : deletion_protection);
  },

  async create(fly, plan, context) {
    const { name, network = "", organization: org_slug = "" } = plan;
    const made = await fly.apps
      .create({ name, org_slug, network, idempotency_key: randomUUID() })
      .catch(async (error: unknown) => {
        if (!(error instanceof FlyError) || error.code !== "name_taken") throw error;
        const found = await checkFree(fly, name, org_slug, context);
        if (!found) throw error;
        if (networkOf(found.network) === networkOf(network)) return found;
        throw exists(`network "${networkOf(found.network)}"`, name, name, "fly_app", ["network"]);
      });
    context.private.set(seen, name);
    return toState(made, plan.deletion_protection);
  },

  async update(_fly, plan) {
    return plan;
  },

  async delete(fly, { name }) {
    const volumes = ((await unlessGone(fly.volumes.list(name))) ?? []).filter(isKept);
    if (volumes.length > 0) {
      const list = volumes.map((one) => `${one.id} (${one.name}, ${one.size_gb} GB, ${one.region})`).join(", ");
      throw new Problem({
        summary: `App ${name} still has volumes`,
        detail:
          `Deleting the app deletes its volumes and their snapshots, and these are nobody's to delete here: ${list}. ` +
          `The app was not deleted. Save what is needed, then: fly volumes destroy <id> --app ${name}, and apply again. [fly/app-has-volumes]`,
        path: ["name"],
      });
    }
    await fly.apps.delete(name);
  },
});

function toState(found: App, deletion_protection: boolean | undefined): State {
  return {
    id: found.name,
    name: found.name,
    organization: found.organization.slug,
    network: networkOf(found.network),
    hostname: `${found.name}.fly.dev`,
    deletion_protection: deletion_protection ?? false,
  };
}

/** Fly calls the organization's own network "default" or nothing. */
function networkOf(name: string | undefined): string {
  return name === undefined || name === "default" ? "" : name;
}

/** The app when an earlier create of ours made it, undefined when the name is free; else it is refused. */
async function checkFree(
  fly: FlyReader,
  name: string,
  organization: string,
  context: FlyContext,
): Promise<App | undefined> {
  const found = await fly.apps.find(name).catch((error: unknown) => {
    if (error instanceof FlyError && error.kind === "forbidden")
      throw new Problem(taken(name, error), { cause: error });
    throw error;
  });
  if (!found) return undefined;
  if (found.organization.slug !== organization) throw new Problem(inOtherOrganization(found, organization));
  if ((await ownerOf(fly, name, context.settings.stack)) === "other") {
    throw exists(`machines or volumes`, name, name, "fly_app", ["name"]);
  }
  return found;
}

const organizationMissing: Diagnostic = {
  summary: "No organization",
  detail:
    "A new app needs an organization, and neither the app nor the provider names one. Set `organization` of the provider to the slug that `fly orgs list` shows. [fly/organization-missing]",
  path: ["organization"],
};

function protectedApp(name: string): Diagnostic {
  return {
    summary: `App ${name} is protected`,
    detail: `Destroying it would take its machines, volumes, addresses, certificates and secrets along. If that is meant: set deletion_protection = false, apply, then destroy. [fly/app-protected]`,
    path: ["deletion_protection"],
  };
}

function taken(name: string, error: FlyError): Diagnostic {
  return {
    summary: `The app name "${name}" is taken`,
    detail:
      `Fly answered ${error.status} to ${error.method} ${error.path} (request ${error.requestId ?? "unknown"}): ${error.flyMessage}. ` +
      "App names are one namespace for all of Fly, so the holder may be an organization that this token cannot see. " +
      `Nothing was created. Choose another name; if it is yours, use a token of its organization and: ${importCommand("fly_app", name)} [fly/name-taken]`,
    path: ["name"],
  };
}

function inOtherOrganization(found: App, organization: string): Diagnostic {
  return {
    summary: `The app name "${found.name}" is taken`,
    detail:
      `Organization ${found.organization.slug} has an app of that name, and the configuration wants it in ${organization}. ` +
      "App names are one namespace for all of Fly. Nothing was created. Choose another name, or the other organization. [fly/name-taken]",
    path: ["name"],
  };
}
