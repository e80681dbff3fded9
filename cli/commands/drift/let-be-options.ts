/** Options by which a finding is let be; `ops/drift/wish.ts` says what they ask for. */
import type { Options } from "../../define-command";

export const letBeOptions = {
  ignore: {
    type: "strings",
    doc: "Let the finding of this id be, as wanted: adds it to drift-ignore.yaml.",
    placeholder: "id",
  },
  known: { type: "strings", doc: "Let it be as known and to be repaired.", placeholder: "id" },
  until: { type: "string", doc: "Last day of --ignore or --known, at most 90 days ahead.", placeholder: "day" },
  owner: { type: "string", doc: "Who answers for it.", placeholder: "login" },
  reason: { type: "string", doc: "Why.", placeholder: "text" },
} as const satisfies Options;
