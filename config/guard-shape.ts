/** What guards an environment that customers use: what `infra.json` says of it under `stacks.<name>.guard`, for every program alike. */
import { z } from "zod";

const text = z.string().min(1);

export const guardShape = z.strictObject({
  /** Name of the app; to be typed before it is changed. */
  app: text,
  /** When a change may begin, in local time. Absent: always. */
  window: z
    .strictObject({ days: z.array(text).min(1), from: text, to: text, timeZone: text })
    .readonly()
    .optional(),
  /** Stack that has to be as declared before. */
  after: text.optional(),
});

export type Guard = z.infer<typeof guardShape>;
