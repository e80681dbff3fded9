import { FlyError } from "../../../api/fly/error";
import type { Certificate } from "../../../api/fly/types";
import { type Known, list, object, string } from "../../framework";
import { flyResource } from "../fly-resource";
import { ownerOf, unlessGone } from "../ownership";
import { exists } from "../problem";

const hostnameShape = /^(\*\.)?([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z]([a-z0-9-]{0,61}[a-z0-9])$/i;

const attributes = {
  app: string("required", { doc: "App that serves the host name.", replace: true }),
  hostname: string("required", {
    doc: "Host name, or *.domain for all names one level below it. Upper and lower case are the same.",
    replace: true,
    equal: (a, b) => a.toLowerCase() === b.toLowerCase(),
    check: (hostname) =>
      hostnameShape.test(hostname)
        ? undefined
        : `"${hostname}" is not a host name; write shop.example.org or *.example.org, without scheme, port or path [fly/hostname]`,
  }),
  id: string("computed", {
    doc: "app/hostname, in lower case.",
    default: ({ app, hostname }) =>
      typeof app === "string" && typeof hostname === "string" ? `${app}/${hostname.toLowerCase()}` : null,
  }),
  dns_requirements: object(
    "computed",
    {
      a: list("computed", "string", { doc: "Addresses for A records." }),
      aaaa: list("computed", "string", { doc: "Addresses for AAAA records." }),
      cname: string("computed", { doc: "Target of a CNAME record, instead of A and AAAA." }),
      acme_challenge_name: string("computed", {
        doc: "Name of the CNAME record that proves the domain to the authority.",
      }),
      acme_challenge_target: string("computed", { doc: "Its target." }),
      ownership_name: string("computed", { doc: "Name of the TXT record that proves the domain to Fly." }),
      ownership_value: string("computed", { doc: "Its text." }),
    },
    {
      doc: "What the domain's DNS has to say. Whether it does, and whether the certificate is issued, moves by itself and is not kept here.",
    },
  ),
};

type State = Known<typeof attributes>;

/** A certificate that Fly obtains and renews for a host name of an app. */
export const certificate = flyResource({
  type: "fly_certificate",
  summary: "A certificate that Fly obtains and renews for a host name of an app. It waits for DNS, an apply does not.",
  attributes,
  importKey: {
    format: "app/hostname",
    parse(id) {
      const [app, hostname, ...rest] = id.split("/");
      return app && hostname && rest.length === 0 ? { app, hostname } : undefined;
    },
  },

  async read(fly, state) {
    const { app, hostname } = state;
    const all = await unlessGone(fly.certificates.list(app));
    const listed = all?.some((one) => sameName(one.hostname, hostname));
    if (!all || (listed && state.dns_requirements)) return all && state;
    // Imported, or left out by a listing that may lag behind.
    const detail = await fly.certificates.find(app, hostname);
    return detail && toState(app, detail);
  },

  async create(fly, { app, hostname }, { settings }) {
    const listed = (await fly.certificates.list(app)).some((one) => sameName(one.hostname, hostname));
    if (listed && (await ownerOf(fly, app, settings.stack)) === "other") {
      throw exists(`a certificate for ${hostname}`, app, `${app}/${hostname}`, "fly_certificate", ["hostname"]);
    }
    const found = listed ? await fly.certificates.find(app, hostname) : undefined;
    if (found) return toState(app, found);
    const made = await fly.certificates.create(app, hostname).catch(async (error: unknown) => {
      const landed = error instanceof FlyError && error.ambiguous && (await fly.certificates.find(app, hostname));
      if (landed) return landed;
      throw error;
    });
    return toState(app, made);
  },

  async delete(fly, { app, hostname }) {
    await fly.certificates.delete(app, hostname);
  },
});

function sameName(a: string, b: string): boolean {
  return a.toLowerCase() === b.toLowerCase();
}

function toState(app: string, { hostname, dns_requirements: dns }: Certificate): State {
  return {
    id: `${app}/${hostname.toLowerCase()}`,
    app,
    hostname,
    dns_requirements: {
      a: dns?.a ?? [],
      aaaa: dns?.aaaa ?? [],
      cname: dns?.cname ?? "",
      acme_challenge_name: dns?.acme_challenge?.name ?? "",
      acme_challenge_target: dns?.acme_challenge?.target ?? "",
      ownership_name: dns?.ownership?.name ?? "",
      ownership_value: dns?.ownership?.app_value ?? "",
    },
  };
}
