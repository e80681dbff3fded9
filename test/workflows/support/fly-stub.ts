import { shellWord } from "../../../constructs/workflows/model/script";
import type { Answer } from "./command-stub";

/** How Fly behaves. */
export interface FlyBehaviour {
  /** Image in service at first; none: the app has no machine. */
  readonly image?: string;
  /** Releases by number and image, newest first. */
  readonly releases?: readonly (readonly [number, string])[];
  /** What flyctl says while it fails to deploy; `times` of them, then it succeeds. */
  readonly deploys?: { readonly complains: string; readonly times?: number };
  /** The process of every other image than the first exits after its start. */
  readonly crashes?: true;
  /** Machines that are started. @default 1 */
  readonly machines?: number;
}

const id = (number: number) => `1485e${number}`;

/** A flyctl that remembers which image it deployed, and answers as the real one does (its JSON was read off flyctl 0.3.195). */
export function flyStub({ image, releases = [], deploys, crashes, machines = 1 }: FlyBehaviour): readonly Answer[] {
  const machine = (number: number) => ({
    id: id(number),
    state: "started",
    region: "ord",
    config: { image: "@image", metadata: { fly_process_group: "app" } },
    events: ["@events"],
    checks: [{ name: "servicecheck-01-http-3000", status: "passing" }],
  });
  const exit = '{"type":"exit","timestamp":@now,"request":{"exit_event":{"exit_code":1,"requested_stop":false}}}';
  const all = JSON.stringify(Array.from({ length: machines }, (_, index) => machine(index + 1)));
  const list = [
    `image="$(cat image 2> /dev/null || echo ${shellWord(image ?? "")})"`,
    'if [ -z "$image" ]; then echo "[]"; exit; fi',
    `events=""; if ${crashes ? `[ "$image" != ${shellWord(image ?? "none")} ]` : "false"}; then events=${shellWord(exit)}; fi`,
    `sed "s|@image|$image|g; s|\\"@events\\"|$events|g; s|@now|$(date +%s%3N)|g" <<< ${shellWord(all)}`,
  ].join("; ");
  const built =
    'all="$*"; app="${all#*--app }"; label="${all#*--image-label }"; echo "registry.fly.io/${app%% *}:${label%% *}" > image';
  const remember = 'image="$*"; image="${image#*--image }"; echo "${image%% *}" > image';
  return [
    { on: "machine list", does: list },
    {
      on: "releases",
      says: JSON.stringify(
        releases.map(([Version, ImageRef]) => ({ Version, ImageRef, Status: "complete", Stable: true })),
      ),
    },
    { on: "--build-only" },
    ...(deploys ? [{ on: "deploy --image", code: 1, ...deploys }] : []),
    { on: "deploy --image", does: remember },
    { on: "--image-label", does: built },
  ];
}

/** A docker whose container runs, and a curl that it answers. */
export const containerStub = (runs: boolean) => ({
  docker: [
    { on: "run", says: "container-1" },
    { on: "inspect", says: String(runs) },
    { on: "logs", says: "at start" },
  ],
  curl: { says: runs ? "200" : "000" },
});

/** Stands in the place of notify.mjs, which would reach out: says what it was told. */
export const quietNotices = {
  "scripts/ops/notify.mjs": 'console.log("notice:", process.argv.slice(2).join(" "));\n',
  "scripts/ops/smoke.mjs": 'import { writeFileSync } from "node:fs";\nwriteFileSync("smoke.json", "{}");\n',
};

const packed = 'cd "$OLDPWD"; echo app > app.txt; tar czf released/hotdash-1.2.3.tar.gz app.txt';

/** A gh that has a release; with `sum`, its checksum is that and not the true one. */
export const releaseStub = (sum?: string): readonly Answer[] => [
  { on: "release view", says: "false false" },
  {
    on: "release download",
    does: `${packed}; cd released; ${sum ? `echo ${shellWord(sum)}` : "sha256sum hotdash-1.2.3.tar.gz"} > hotdash-1.2.3.tar.gz.sha256`,
  },
];
