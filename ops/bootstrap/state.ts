/** The place of Terraform's state: a PostgreSQL database, a versioned bucket, or HCP; with a local file there is nothing to make. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";
import { Failure } from "../failure";
import { runProcess } from "../process";
import type { ProjectOptions, Stack } from "../project";
import { terraformIn } from "../terraform";
import { type Step, step } from "./step";

const s3 = z.object({
  bucket: z.string(),
  region: z.string(),
  endpoints: z.object({ s3: z.string() }).optional(),
});
const stackJson = z.object({
  terraform: z.object({
    backend: z.object({ local: z.unknown(), pg: z.unknown(), s3: s3.optional() }).partial().default({}),
    cloud: z.unknown().optional(),
  }),
});

/** What a stack says of its state. */
const keptBy = ({ directory }: Stack) =>
  stackJson.parse(JSON.parse(readFileSync(join(directory, "cdk.tf.json"), "utf8"))).terraform;

const place = "Place of the state";
const keys = "One key for each stack";

/** What is there and what has to be made; changes nothing. */
export async function lookAtState(stacks: readonly Stack[], project: ProjectOptions): Promise<readonly Step[]> {
  const kinds = stacks.map(keptBy);
  const list = stacks.map(({ name }) => name).join(", ");
  const init = step(keys, "to do", `terraform init in each stack: ${list}`);
  if (kinds.some(({ backend }) => backend.local)) {
    return [
      step(
        place,
        "done",
        "a file beside cdktf.out for each stack, for the sandbox alone; for the real Fly set state to pg, s3 or hcp",
      ),
    ];
  }
  const bucket = kinds.flatMap(({ backend }) => backend.s3 ?? [])[0];
  if (bucket) return [await lookAtBucket(bucket, project), init];
  if (kinds.some(({ backend }) => backend.pg)) {
    if (project.env.PG_CONN_STR) return [step(place, "done", "the database of PG_CONN_STR"), init];
    return [step(place, "failed", "PG_CONN_STR is not set", "read -rs PG_CONN_STR && export PG_CONN_STR"), init];
  }
  return [step(place, "done", "HCP: workspaces in local execution mode, made by init"), init];
}

/** Makes the bucket where it is not there, then a schema or a key for each stack. @throws Failure with the words of the program that refused */
export async function makeState(
  steps: readonly Step[],
  stacks: readonly Stack[],
  project: ProjectOptions,
): Promise<readonly Step[]> {
  const bucket = stacks.flatMap((stack) => keptBy(stack).backend.s3 ?? [])[0];
  const isToDo = (name: string) => steps.some((one) => one.name === name && one.state === "to do");
  if (bucket && isToDo(place)) {
    for (const args of commandsFor(bucket)) {
      const { code, stderr } = await aws(args, project);
      // A run that was cut off had made it already.
      if (code !== 0 && !stderr.includes("BucketAlreadyOwnedByYou")) throw refused(args, stderr);
    }
  }
  if (isToDo(keys)) {
    for (const { directory } of stacks) {
      await terraformIn({ directory, env: project.env, interruption: project.interruption }).init();
    }
  }
  return steps.map((one) => (one.state === "to do" ? step(one.name, "done", one.says) : one));
}

type Bucket = z.output<typeof s3>;

async function lookAtBucket(bucket: Bucket, project: ProjectOptions): Promise<Step> {
  const args = ["s3api", "get-bucket-versioning", "--bucket", bucket.bucket, ...where(bucket)];
  const looked = await aws(args, project).catch((error: unknown) => {
    if (error instanceof Failure) return undefined;
    throw error;
  });
  const typed = commandsFor(bucket).map((one) => ["aws", ...one].join(" "));
  if (!looked) {
    return step(
      place,
      "failed",
      `the program aws is not on this machine, so nobody can look at bucket ${bucket.bucket}`,
      ["Install it, or make the bucket where it is:", ...typed],
    );
  }
  if (looked.code === 0 && looked.stdout.includes("Enabled"))
    return step(place, "done", `bucket ${bucket.bucket} keeps versions`);
  if (looked.code !== 0 && !/NoSuchBucket/.test(looked.stderr))
    return step(place, "failed", `bucket ${bucket.bucket}: ${looked.stderr.trim()}`, "aws sts get-caller-identity");
  const says = looked.code === 0 ? "keeps no versions" : "does not exist";
  return step(place, "to do", [`bucket ${bucket.bucket} ${says}`, ...typed]);
}

function commandsFor(bucket: Bucket): readonly (readonly string[])[] {
  const { bucket: name, region } = bucket;
  const rest = ["--bucket", name, ...where(bucket)];
  // Amazon's first region is the one that must not be named as a constraint.
  const constraint = region === "us-east-1" ? [] : ["--create-bucket-configuration", `LocationConstraint=${region}`];
  const closed = "BlockPublicAcls=true,IgnorePublicAcls=true,BlockPublicPolicy=true,RestrictPublicBuckets=true";
  return [
    ["s3api", "create-bucket", ...rest, ...constraint],
    ["s3api", "put-bucket-versioning", ...rest, "--versioning-configuration", "Status=Enabled"],
    // Stores that speak S3 and are not Amazon's often know no such call.
    ...(bucket.endpoints
      ? []
      : [["s3api", "put-public-access-block", ...rest, "--public-access-block-configuration", closed]]),
  ];
}

const where = ({ region, endpoints }: Bucket): readonly string[] => [
  "--region",
  region,
  ...(endpoints ? ["--endpoint-url", endpoints.s3] : []),
];

const aws = (args: readonly string[], { directory, env, interruption }: ProjectOptions) =>
  runProcess("aws", args, { directory, env, interruption });

const refused = (args: readonly string[], stderr: string) =>
  new Failure(
    `aws ${args.slice(0, 2).join(" ")} failed: ${stderr.trim()}\nWhat was made before stays. Put it right and go on: npx infra bootstrap state [infra/bootstrap-state]`,
  );
