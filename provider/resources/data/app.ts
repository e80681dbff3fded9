import { Problem, string } from "../../framework";
import { flyDataSource } from "../fly-resource";

/** An app that may be managed elsewhere. */
export const appData = flyDataSource({
  type: "fly_app",
  summary: "An app that may be managed elsewhere.",
  attributes: {
    name: string("required", { doc: "Name of the app." }),
    id: string("computed", { doc: "The app's name." }),
    organization: string("computed", { doc: "Slug of the organization that owns it." }),
    network: string("computed", { doc: 'Private network; "" is the organization\'s own.' }),
    hostname: string("computed", { doc: "Host name that Fly gives it." }),
    status: string("computed", { doc: "pending, deployed or suspended. Moves by itself." }),
  },
  async read(fly, { name }) {
    const found = await fly.apps.find(name);
    if (!found) throw new Problem(noApp(name));
    const { organization, status, network = "" } = found;
    return {
      id: name,
      name,
      organization: organization.slug,
      network: network === "default" ? "" : network,
      hostname: `${name}.fly.dev`,
      status,
    };
  },
});

function noApp(name: string) {
  return {
    summary: `No app ${name}`,
    detail: `Fly knows no app "${name}" (404). Check the name with: fly apps list [fly/no-app]`,
    path: ["name"],
  };
}
