import { Problem, string } from "../../framework";
import { flyDataSource } from "../fly-resource";

/** An organization that the token can see. */
export const organizationData = flyDataSource({
  type: "fly_organization",
  summary: "An organization that the token can see.",
  attributes: {
    slug: string("required", { doc: 'Slug; "personal" is the token owner\'s own.' }),
    id: string("computed", { doc: "Id." }),
    name: string("computed", { doc: "Name for people." }),
  },
  async read(fly, { slug }) {
    const found = await fly.organizations.find(slug);
    if (!found) throw new Problem(noOrganization(slug));
    return { slug, id: found.id ?? found.slug, name: found.name };
  },
});

function noOrganization(slug: string) {
  return {
    summary: `No organization ${slug}`,
    detail: `Fly shows no organization "${slug}" to this token. Check the slug with: fly orgs list [fly/no-organization]`,
    path: ["slug"],
  };
}
