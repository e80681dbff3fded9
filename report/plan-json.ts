/**
 * The parts of `terraform show -json <plan>` that reports read.
 *
 * @see https://developer.hashicorp.com/terraform/internals/json-format (format 1.x; unknown fields are left alone)
 */
import { z } from "zod";

/** `true` where a whole value is meant, else nested like the value; leaves out what is false. */
const marks = z.unknown();

const change = z.object({
  actions: z.array(z.enum(["no-op", "create", "read", "update", "delete", "forget"])),
  before: z.unknown(),
  after: z.unknown(),
  after_unknown: marks,
  before_sensitive: marks,
  after_sensitive: marks,
  /** Paths whose new values make Terraform replace the object. */
  replace_paths: z.array(z.array(z.union([z.string(), z.number()]))).optional(),
  /** Present: the object exists and is taken into the state. */
  importing: z.object({ id: z.string().optional() }).optional(),
});

const resourceChange = z.object({
  address: z.string(),
  /** Where the state had it before it was moved. */
  previous_address: z.string().optional(),
  /** Id of an object that a failed replacement left behind. */
  deposed: z.string().optional(),
  mode: z.enum(["managed", "data"]),
  type: z.string(),
  change,
});

const planJson = z.object({
  format_version: z.string().regex(/^1\./),
  /** What `plantimestamp()` gave. */
  timestamp: z.string().optional(),
  resource_changes: z.array(resourceChange).default([]),
  resource_drift: z.array(resourceChange).default([]),
  output_changes: z.record(z.string(), change).default({}),
  /** Values of the variables, sensitive ones in clear. */
  variables: z.record(z.string(), z.object({ value: z.unknown() })).optional(),
  configuration: z
    .object({
      root_module: z
        .object({ variables: z.record(z.string(), z.object({ sensitive: z.boolean().optional() })).optional() })
        .optional(),
    })
    .optional(),
});

export type PlanJson = z.infer<typeof planJson>;
export type ResourceChange = z.infer<typeof resourceChange>;

/** Reads Terraform's plan; throws what is not as documented. */
export const parsePlan = (text: string): PlanJson => planJson.parse(JSON.parse(text));
