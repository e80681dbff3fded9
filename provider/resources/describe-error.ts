import { FlyError, type FlyErrorKind } from "../../api/fly/error";
import type { Diagnostic } from "../framework";
import { importCommand } from "./problem";

interface Explanation {
  readonly summary: string;
  /** What to do, as something to type where that is possible, and the id. */
  readonly next: string;
}

/** What Fly said, on which call, what was not done and what to type next; undefined for an error that is not Fly's. `subject`: what it is about. */
export function describeError(error: unknown, subject?: { readonly name: string }): Diagnostic | undefined {
  if (!(error instanceof FlyError)) return undefined;
  const { summary, next } = explain(error);
  return {
    summary: subject ? `${summary} (${subject.name})` : summary,
    detail: `${said(error)} ${outcome(error)} ${next}`,
  };
}

function explain(error: FlyError): Explanation {
  const special = specials.find(({ when }) => when(error));
  return special ?? byKind[error.kind];
}

function said({ status, code, method, path, requestId, flyMessage, kind, retryAfterMs }: FlyError): string {
  const request = requestId ? ` (request ${requestId})` : "";
  const wait = retryAfterMs === undefined ? "" : ` Fly asks to wait ${Math.ceil(retryAfterMs / 1000)} s.`;
  const text = /[.!?]$/.test(flyMessage) ? flyMessage : `${flyMessage}.`;
  if (kind === "network") return `${method} ${path} got no answer: ${text}`;
  return `Fly answered ${[status, code].filter(Boolean).join(" ")} to ${method} ${path}${request}: ${text}${wait}`;
}

function outcome({ method, ambiguous }: FlyError): string {
  if (method === "GET") return "Nothing was changed by this call.";
  return ambiguous ? "It may have been done all the same: the next plan reads what is there." : "This was not done.";
}

const capacity = /insufficient[_ ]|could not reserve resource|deploys to this host are temporarily disabled|capacity/i;

const specials: readonly (Explanation & { readonly when: (error: FlyError) => boolean })[] = [
  {
    when: ({ code, flyMessage, path }) =>
      code === "name_taken" || (path === "/v1/apps" && /already been taken/i.test(flyMessage)),
    summary: "The app name is taken",
    next: `App names are one namespace for all of Fly, so the holder may be an app you cannot see. Choose another name; if it is yours: ${importCommand("fly_app", "<app>")} [fly/name-taken]`,
  },
  {
    when: ({ kind, code, flyMessage }) =>
      (kind === "precondition" || kind === "invalid") && (capacity.test(code ?? "") || capacity.test(flyMessage)),
    summary: "Fly has no room for it",
    next: "Apply again later, take another region, or a smaller guest. A volume ties its machine to one host: there only a new volume helps (fly volumes fork). [fly/no-capacity]",
  },
  {
    when: ({ kind, flyMessage }) =>
      (kind === "invalid" || kind === "forbidden" || kind === "precondition") &&
      /quota|limit (of|reached|exceeded)|exceed(s|ed) .*limit|maximum number/i.test(flyMessage),
    summary: "A limit of the organization is reached",
    next: "Remove what is not needed, or ask Fly to raise the limit (billing@fly.io), then apply again. [fly/quota]",
  },
  {
    when: ({ kind, flyMessage }) => kind === "conflict" && /lease/i.test(flyMessage),
    summary: "Somebody else is working on the machine",
    next: "Wait until the holder named above is done, or until the lease ends by itself, and apply again. [fly/leased]",
  },
];

const byKind: Readonly<Record<FlyErrorKind, Explanation>> = {
  unauthorized: {
    summary: "Fly does not accept the token",
    next: "It may have expired or been revoked. Look: fly auth whoami. Make a new one: fly tokens create org (or: deploy, for one app), and export it as FLY_API_TOKEN, or as what the provider's token_env names. [fly/token-refused]",
  },
  forbidden: {
    summary: "The token may not do this",
    next: "A plan needs a read-only token of the organization (fly tokens create readonly), an apply a deploy token of the app (fly tokens create deploy), the creation of an app one of the organization (fly tokens create org). [fly/token-scope]",
  },
  "not-found": {
    summary: "Fly does not know it",
    next: "It may have been deleted a moment ago. Plan again to see what is left. [fly/not-found]",
  },
  conflict: {
    summary: "Fly has something else there",
    next: "Plan again to see it; what is yours can be taken over with terraform import. [fly/conflict]",
  },
  precondition: {
    summary: "It changed in the meantime, or cannot be done now",
    next: "Plan again, read what differs, and apply. [fly/precondition]",
  },
  "rate-limited": {
    summary: "Fly says: too many requests",
    next: "The provider keeps within Fly's limits, so others use the same token or app. Wait a minute and run it again; with many resources: terraform apply -parallelism=4. [fly/rate-limited]",
  },
  unavailable: {
    summary: "Fly has a failure",
    next: "It was tried several times. Look at status.flyio.net and run it again; what is done already stays done. [fly/unavailable]",
  },
  timeout: {
    summary: "Fly did not finish in time",
    next: "Run it again; what is done already stays done. [fly/timeout]",
  },
  invalid: {
    summary: "Fly refuses the values",
    next: "Correct what Fly names above and apply again. [fly/refused]",
  },
  malformed: {
    summary: "Fly's answer makes no sense",
    next: "A proxy may answer in Fly's place, or FLY_FLAPS_BASE_URL may point elsewhere. Look: curl -i $FLY_FLAPS_BASE_URL/v1/platform/regions [fly/malformed]",
  },
  network: {
    summary: "Fly cannot be reached, or the connection was cut",
    next: "Check the network and FLY_FLAPS_BASE_URL, and run it again; what is done already stays done. [fly/unreachable]",
  },
};
