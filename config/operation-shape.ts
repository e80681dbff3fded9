/**
 * What commands hold the running of an environment to: what a stack says in `infra.json` under `operation`. One schema, so that who writes it
 * and who reads it cannot differ.
 */
import * as z from "zod";
import { delivery } from "./delivery-shape";

export const operationShape = delivery.pick({ rollback: true, cost: true }).extend({
  /** No CI run may take longer. */
  ciMaxMinutes: z.number(),
  /** Folder of the migrations of the database. */
  migrations: z.string(),
});

/** What commands hold the running of an environment to. */
export type Operation = z.infer<typeof operationShape>;

/** The same of an organisation's delivery. */
export const operationOf = ({ rollback, cost, ci, database }: z.infer<typeof delivery>): Operation => ({
  rollback,
  cost,
  ciMaxMinutes: ci.maxMinutes,
  migrations: database.migrations,
});
