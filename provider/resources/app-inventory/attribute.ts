import { type Known, list, map, objectList, string } from "../../framework";
import { oneOf } from "../process-group/value-check";

/** Kinds of objects that an app holds. A `machine` is one without a process group. */
export const kinds = ["address", "certificate", "group", "machine", "secret", "volume"] as const;
export type Kind = (typeof kinds)[number];

const policies = ["refuse", "remove", "ignore"] as const;
const date = /^\d{4}-\d{2}-\d{2}$/;

const declared = (doc: string) =>
  list("optional+computed", "string", {
    doc: `${doc} Default: none. Order means nothing.`,
    default: [],
    equal: sameSet,
  });

/** Attributes of fly_app_inventory. */
export const attributes = {
  app: string("required", { doc: "The app whose content is compared with what is declared.", replace: true }),
  id: string("computed", { doc: "The app.", default: ({ app = null }) => app }),
  addresses: declared("Declared IP addresses."),
  certificates: declared("Host names of declared certificates."),
  groups: declared("Names of declared process groups."),
  secrets: declared('Names of declared secrets; "SHOPIFY_*" stands for all that begin so.'),
  volumes: declared("Names (or ids) of declared volumes, also of those that process groups mount."),
  policy: map("optional+computed", "string", {
    doc: 'What an apply does about undeclared objects, by kind (address, certificate, group, machine, secret, volume): "refuse" (default: everything else is applied, then this fails and names them), "remove" or "ignore".',
    default: {},
    check: (policy) =>
      Object.entries(policy)
        .map(([kind, choice]) => {
          const problem = oneOf(...kinds)(kind) ?? oneOf(...policies)(choice);
          return problem && `${kind}: ${problem}`;
        })
        .find((problem) => problem !== undefined),
  }),
  ignore: objectList(
    "optional+computed",
    {
      object: string("required", {
        doc: 'As reported: "secret/NAME", "address/1.2.3.4", "group/worker", "machine/148e..."; "secret/*" for all of a kind.',
        check: (object) =>
          kinds.some((kind) => object.startsWith(`${kind}/`) && object.length > kind.length + 1)
            ? undefined
            : `"${object}" is not kind/name; kinds are ${kinds.join(", ")} [fly/inventory-object]`,
      }),
      reason: string("required", {
        doc: "Why it may stay undeclared, for whoever reads it when it expires.",
        check: (reason) => (reason.trim() === "" ? "say why it may stay undeclared [fly/inventory-reason]" : undefined),
      }),
      until: string("required", {
        doc: "Last day (UTC, YYYY-MM-DD) on which it is ignored; from the next day on it is reported again.",
        check: (until) =>
          date.test(until) && !Number.isNaN(Date.parse(until))
            ? undefined
            : `"${until}" is not a day; write it as 2026-12-31 [fly/inventory-date]`,
      }),
    },
    {
      doc: "Undeclared objects that are let be for a while.",
      default: [],
    },
  ),
  undeclared: map("computed", "string", {
    doc: "What the app holds and nobody declared, by kind/name. Planned as empty, so that anything in it is a difference.",
    default: {},
  }),
};

export type State = Known<typeof attributes>;

function sameSet(a: readonly string[], b: readonly string[]): boolean {
  return a.length === b.length && a.every((one) => b.includes(one));
}
